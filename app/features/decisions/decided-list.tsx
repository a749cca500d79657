import { useTranslation } from "react-i18next";
import { longDate } from "../../i18n/format.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { Badge } from "../../ui/blocks.tsx";
import { KindOfChange, SaidBy } from "../inputs/kind-of-change.tsx";
import { TakenBack } from "../inputs/taken-back.tsx";
import { WordDiff } from "../inputs/word-diff.tsx";
import { addressOf, type DecidedFilter, PAGE_SIZE, suggestionStatusFor } from "./decisions.ts";
import type { DecidedItem } from "./worklist.server.ts";

/** What was decided and why, for everybody: the newest first. */
export function DecidedList({
  filter,
  items,
  total,
  next,
}: {
  filter: DecidedFilter;
  items: readonly DecidedItem[];
  total: number;
  next: string | null;
}) {
  const { t } = useTranslation("decisions");
  const show = { show: "decided" };
  return (
    <section aria-label={t("tabs.decided")}>
      <p className="muted small">{t("list.decidedCount", { count: total })}</p>
      <ol className="plain-list worklist">
        {items.map((item) => (
          <li key={item.id}>
            <Decided item={item} />
          </li>
        ))}
      </ol>
      <p className="pages">
        {filter.before && (
          <a href={addressOf({ ...filter, before: undefined }, show)}>{t("list.first")}</a>
        )}
        {next && (
          <a href={addressOf({ ...filter, before: next }, show)}>
            {t("list.more", { count: PAGE_SIZE })}
          </a>
        )}
      </p>
    </section>
  );
}

function Decided({ item }: { item: DecidedItem }) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const adopted = suggestionStatusFor(item.outcome) === "applied";
  return (
    <article>
      <p className="worklist-head">
        <Badge tone={adopted && !item.undone ? "good" : undefined}>
          {t(`inputs:outcome.${item.outcome}`)}
        </Badge>
        {item.undone && <Badge tone="warning">{t("undo.takenBack")}</Badge>}
        <span className="muted small">
          {t("item.by", { name: item.decidedBy, date: longDate(item.at, i18n.language) })}
          {" · "}
          {item.version === null ? t("item.notYet") : t("item.version", { n: item.version })}
        </span>
      </p>
      {item.inputs.map((input) => (
        <blockquote key={input.id} className="decided-words">
          <p className="decided-excerpt" lang={input.excerpt === null ? undefined : input.language}>
            {input.excerpt ?? t("item.withdrawn")}
          </p>
          <footer className="muted small">
            {t(`inputs:kind.${input.kind}`)}
            {" · "}
            <SaidBy suggestion={input.change} name={input.name} />
            {" · "}
            {input.module ? inLanguage(input.module, i18n.language) : t("inputs:whole.curriculum")}
            {input.excerpt !== null && (
              <>
                {" · "}
                <a href={`/inputs/${input.id}`}>{t("item.open")}</a>
              </>
            )}
          </footer>
        </blockquote>
      ))}
      <p className="as-typed">
        <strong>{t("form.reason")}:</strong> {item.reason}
      </p>
      {item.inputs.map(({ id, change }) => change && <KindOfChange key={id} change={change} />)}
      {item.before !== null && item.after !== null && (
        <p className="prose quoted change-text">
          <WordDiff before={item.before} after={item.after} />
        </p>
      )}
      {item.undone && <TakenBack undone={item.undone} />}
    </article>
  );
}
