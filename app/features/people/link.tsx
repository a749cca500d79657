import { useTranslation } from "react-i18next";
import { Button, ButtonLink, Notice, PageHeader } from "../../ui/blocks.tsx";
import { PostForm } from "./form-parts.tsx";

/**
 * Opens a mailed link with a press of a button: mail programs that fetch links to look at them
 * would otherwise use it up.
 */
export function OpenLink({ token, next, used }: { token: string; next: string; used: boolean }) {
  const { t } = useTranslation("people");
  const again = `/sign-in?next=${encodeURIComponent(next)}`;
  if (used || !token)
    return (
      <div className="page narrow">
        <PageHeader title={t("signIn.title")} />
        <Notice tone="problem" live>
          <p>{t(used ? "link.used" : "link.missing")}</p>
        </Notice>
        <ButtonLink look="primary" href={again}>
          {t("link.again")}
        </ButtonLink>
      </div>
    );
  return (
    <div className="page narrow">
      <PageHeader title={t("link.openTitle")} lead={t("link.openLead")} />
      <PostForm>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="next" value={next} />
        <Button look="primary">{t("link.open")}</Button>
      </PostForm>
    </div>
  );
}
