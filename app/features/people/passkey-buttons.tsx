import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";
import { addPasskey, passkeysWork, signInWithPasskey } from "./passkey.ts";

/** True once we know the browser can: the server can't, so the first picture is without. */
function usePasskeys(): boolean | null {
  const [work, setWork] = useState<boolean | null>(null);
  useEffect(() => setWork(passkeysWork()), []);
  return work;
}

/** Runs one ceremony at a time and says when it failed. */
function useCeremony(run: () => Promise<boolean>, done: () => void) {
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const start = async () => {
    setState("busy");
    const ok = await run().catch(() => false);
    if (ok) done();
    else setState("failed");
  };
  return { state, start };
}

export function PasskeySignIn({ next }: { next: string }) {
  const { t } = useTranslation("people");
  const { state, start } = useCeremony(signInWithPasskey, () => window.location.assign(next));
  if (!usePasskeys()) return null;
  return (
    <section aria-labelledby="by-passkey">
      <h2 id="by-passkey">{t("signIn.byPasskey")}</h2>
      <p className="hint">{t("signIn.passkeyHint")}</p>
      <p role="status" className={state === "failed" ? "field-error" : undefined}>
        {state === "failed" && t("signIn.passkeyFailed")}
      </p>
      <Button type="button" disabled={state === "busy"} onClick={start}>
        {t("signIn.usePasskey")}
      </Button>
    </section>
  );
}

export function PasskeyAdd() {
  const { t } = useTranslation("people");
  const [name, setName] = useState("");
  const { state, start } = useCeremony(
    () => addPasskey(name.trim() || t("account.passkeyUnnamed")),
    () => window.location.assign("/account?saved=passkey#passkeys"),
  );
  const work = usePasskeys();
  if (!work) return <p className="hint">{t("account.passkeyNoScript")}</p>;
  return (
    <div className="form">
      <div className="field">
        <label htmlFor="passkey-name">{t("account.passkeyName")}</label>
        <p className="hint" id="passkey-name-hint">
          {t("account.passkeyNameHint")}
        </p>
        <input
          id="passkey-name"
          aria-describedby="passkey-name-hint"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <p role="status" className={state === "failed" ? "field-error" : undefined}>
        {state === "failed" && t("account.passkeyFailed")}
      </p>
      <Button type="button" disabled={state === "busy"} onClick={start}>
        {t("account.passkeyAdd")}
      </Button>
    </div>
  );
}
