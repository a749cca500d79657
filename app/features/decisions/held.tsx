import { useTranslation } from "react-i18next";
import { Button, Notice } from "../../ui/blocks.tsx";
import { namesOf } from "../inputs/suggested.ts";

/**
 * Says who writes in what a change would replace, inside the form that makes it. `tried`: the change
 * was sent and held. A script then offers to wait: it looks at this page's `data-writers` again every
 * few seconds, and sends the form when nobody is left.
 */
export function Held({ writers, tried }: { writers: readonly string[]; tried: boolean }) {
  const { t, i18n } = useTranslation("decisions");
  const names = namesOf(writers, i18n.language);
  return (
    <div data-writers={names} data-tried={tried || undefined}>
      <Notice tone="warning" live={tried}>
        {tried && (
          <p>
            <strong>{t("held.title")}</strong>
          </p>
        )}
        <p data-names="">{t("held.now", { count: writers.length, names })}</p>
        <p>{t(tried ? "held.why" : "held.whyBefore")}</p>
        {tried && (
          <>
            <p className="actions">
              <Button look="primary">{t("held.again")}</Button>
              <Button type="button" hidden data-script="" data-wait="" data-stop={t("held.stop")}>
                {t("held.wait")}
              </Button>
            </p>
            <p role="status" data-waiting={t("held.waiting")} />
          </>
        )}
      </Notice>
    </div>
  );
}
