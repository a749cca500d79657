import { useTranslation } from "react-i18next";
import { Button, DateText } from "../../ui/blocks.tsx";
import type { Rescued } from "./rescues.ts";

/** Words that couldn't be placed: whose, when, where; with ways to put them back or let them go. */
export function Rescues({
  rescues,
  language,
  action,
}: {
  rescues: readonly Rescued[];
  language: string;
  /** Where the forms go. */
  action: string;
}) {
  const { t } = useTranslation("drafts");
  if (rescues.length === 0) return null;
  return (
    <section className="rescues" aria-labelledby="rescues">
      <h2 id="rescues">{t("rescue.title", { count: rescues.length })}</h2>
      <p>{t("rescue.lead")}</p>
      <ul className="plain-list">
        {rescues.map((rescue) => (
          <li key={rescue.id}>
            <blockquote className="as-typed" lang={language}>
              {rescue.text}
            </blockquote>
            <p className="muted small">
              {t("rescue.by", { name: rescue.by })} · <DateText iso={rescue.at} />
              {" · "}
              {rescue.near ? t("rescue.near", { words: rescue.near.words }) : t("rescue.nowhere")}
            </p>
            <form method="post" action={action} className="actions">
              <input type="hidden" name="rescueId" value={rescue.id} />
              <Button name="what" value="back" aria-describedby="rescues">
                {t("rescue.back")}
              </Button>
              <Button look="quiet" name="what" value="dismiss">
                {t("rescue.dismiss")}
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
