import { useTranslation } from "react-i18next";
import { Badge } from "../../ui/blocks.tsx";
import { type Detail, namesOf, type Suggested } from "./suggested.ts";

/** The kind of a change in words, with what its words don't show. Nothing for another wording. */
export function KindOfChange({ change }: { change: Pick<Suggested, "kind" | "details"> }) {
  const { t } = useTranslation("decisions");
  const { kind, details } = change;
  if (kind === "text") return null;
  return (
    <div className="change-kind">
      <Badge>{t(`change.kind.${kind}`)}</Badge>
      {details.map((detail) => (
        <span key={JSON.stringify(detail)}>
          <DetailWords detail={detail} />
        </span>
      ))}
    </div>
  );
}

function DetailWords({ detail }: { detail: Detail }) {
  const { t } = useTranslation("decisions");
  const node = (name: string) => t(`change.node.${name as "paragraph"}`);
  if (detail.say === "made")
    return t("change.made", { from: node(detail.from), to: node(detail.to) });
  if (detail.say === "formatted" || detail.say === "unformatted")
    return t(`change.${detail.say}`, { mark: t(`change.mark.${detail.mark as "bold"}`) });
  if (detail.say === "set") {
    const words = {
      name: t(`change.attr.${detail.name as "level"}`),
      before: detail.before,
      after: detail.after,
    };
    if (!detail.before) return t("change.setFirst", words);
    return t(detail.after ? "change.set" : "change.unset", words);
  }
  return t(`change.${detail.say}`, { node: node(detail.node) });
}

/** Who a suggestion is from: its authors in the workshop copy, else the name on the form. */
export function SaidBy({
  suggestion,
  name,
}: {
  suggestion: Pick<Suggested, "authors" | "workshop"> | null;
  name: string | null;
}) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const { authors = [], workshop = null } = suggestion ?? {};
  const who = namesOf(authors, i18n.language) || name;
  return (
    <>
      {who ? t("task.from", { name: who }) : t("inputs:anonymous")}
      {workshop && ` · ${t("change.workshop", { title: workshop.title })}`}
    </>
  );
}
