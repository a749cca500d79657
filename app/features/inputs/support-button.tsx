import { useTranslation } from "react-i18next";
import { Button } from "../../ui/blocks.tsx";

/** Adds or takes back one's support. A plain form; the script sends it without leaving the page. */
export function SupportButton({
  id,
  supported,
  back,
}: {
  id: string;
  supported: boolean;
  /** The page to come back to. */
  back: string;
}) {
  const { t } = useTranslation("inputs");
  return (
    <form
      method="post"
      action={`/inputs/${id}/support`}
      className="support"
      data-support={id}
      data-on={t("one.supporting")}
      data-off={t("one.support")}
    >
      <input type="hidden" name="back" value={back} />
      <Button>{t(supported ? "one.supporting" : "one.support")}</Button>
    </form>
  );
}
