import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/blocks.tsx";
import type { Behind, Hand, WhySentence } from "./why.server.ts";

const TONES: Record<string, string> = { adopted: "good", partly_adopted: "good" };

/** A passage sentence by sentence: who wrote each, and the inputs that brought its words. */
export function Sentences({
  sentences,
  language,
  told,
}: {
  sentences: readonly WhySentence[];
  language: string;
  /** The inputs that are told in full further down this page, at `#i-<id>`. */
  told: ReadonlySet<string>;
}) {
  const { t } = useTranslation("versions");
  return (
    <section aria-labelledby="sentences">
      <h2 id="sentences" className="visually-hidden">
        {t("why.sentences")}
      </h2>
      <ol className="plain-list why-sentences">
        {sentences.map(({ text, hands, inputs }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rendered once, on the server
          <li key={index} id={`s-${index + 1}`}>
            <p className="why-sentence prose" lang={language}>
              {text}
            </p>
            <ul className="plain-list why-sources">
              {inputs.map((input) => (
                <li key={input.inputId}>
                  <Input input={input} told={told.has(input.inputId)} />
                </li>
              ))}
              <Hands hands={hands} />
              {inputs.length + hands.length === 0 && <li>{t("why.nobody")}</li>}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Input({ input, told }: { input: Behind; told: boolean }) {
  const { t, i18n } = useTranslation(["versions", "inputs"]);
  const { inputId, kind, outcome, names, workshop } = input;
  const what = t(`inputs:kind.${kind as "comment"}`);
  const whose =
    names.length > 0
      ? t("why.inputBy", { kind: what, names: listed(names, i18n.language) })
      : t("why.inputUnsigned", { kind: what });
  return (
    <>
      <strong>{whose}</strong>
      {workshop !== null && `, ${t("why.inWorkshop", { title: workshop })}`}{" "}
      <Badge tone={TONES[outcome]}>{t(`inputs:outcome.${outcome as "adopted"}`)}</Badge>{" "}
      <a
        href={told ? `#i-${inputId}` : `/inputs/${inputId}`}
        aria-label={t("why.readItOf", { what: whose })}
      >
        {t("why.readIt")}
      </a>
    </>
  );
}

/** Whoever did the same, named together. */
function Hands({ hands }: { hands: readonly Hand[] }) {
  const { t, i18n } = useTranslation("versions");
  return (["wrote", "imported", "shortened"] as const).map((did) => {
    const names = hands.filter((hand) => hand.did === did).map(({ name }) => name);
    if (names.length === 0) return null;
    return <li key={did}>{t(`why.${did}`, { names: listed(names, i18n.language) })}</li>;
  });
}

function listed(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}
