import { useTranslation } from "react-i18next";
import { inLanguage } from "../../i18n/i18n.ts";
import { Badge, Button, DateText } from "../../ui/blocks.tsx";
import { KindOfChange } from "../inputs/kind-of-change.tsx";
import { addressOf, PAGE_SIZE, type ToDecideFilter } from "./decisions.ts";
import type { ToDecideItem } from "./worklist.server.ts";

/** What waits for a decision: a line for each, the oldest first. */
export function Worklist({
  slug,
  filter,
  items,
  total,
  next,
}: {
  slug: string;
  filter: ToDecideFilter;
  items: readonly ToDecideItem[];
  total: number;
  next: number | null;
}) {
  const { t } = useTranslation("decisions");
  return (
    <section aria-label={t("list.label")}>
      <p className="muted small">{t("list.count", { count: total })}</p>
      <form action={`/curricula/${slug}/decisions/several`} className="pick-several">
        <ol className="plain-list worklist">
          {items.map((item) => (
            <li key={item.id}>
              <Item
                item={item}
                href={`/curricula/${slug}/decisions/${item.id}${addressOf(filter)}`}
              />
            </li>
          ))}
        </ol>
        {items.some(mayPick) && (
          <div className="picked">
            <Button>{t("several.next")}</Button>
            <p className="muted small">{t("several.nextHint")}</p>
          </div>
        )}
      </form>
      <p className="pages">
        {filter.after && (
          <a href={addressOf({ ...filter, after: undefined }) || "?"}>{t("list.first")}</a>
        )}
        {next && (
          <a href={addressOf({ ...filter, after: next })}>{t("list.more", { count: PAGE_SIZE })}</a>
        )}
      </p>
    </section>
  );
}

/** What can be adopted together with others: what was suggested, as it was written. */
const mayPick = ({ kind, mine }: ToDecideItem) => kind === "suggestion" && mine;

function Item({ item, href }: { item: ToDecideItem; href: string }) {
  const { t, i18n } = useTranslation(["decisions", "inputs"]);
  const facts = [
    item.module ? inLanguage(item.module, i18n.language) : t("inputs:whole.curriculum"),
    item.workshop ? t("change.workshop", { title: item.workshop }) : null,
    t(`inputs:channel.${item.channel}`),
    item.supports > 0 && t("list.supports", { count: item.supports }),
    item.replies > 0 && t("list.replies", { count: item.replies }),
  ].filter(Boolean);
  return (
    <article>
      <div className="worklist-head">
        {mayPick(item) && (
          <label className="pick">
            <input type="checkbox" name="input" value={item.id} />
            <span className="visually-hidden">{t("several.pick", { words: item.excerpt })}</span>
          </label>
        )}
        <strong>
          {item.change && item.change.kind !== "text"
            ? t("change.title")
            : t(`inputs:kind.${item.kind}`)}
        </strong>
        {item.change && <KindOfChange change={item.change} />}
        {item.conflict && <Badge tone="warning">{t("list.conflict")}</Badge>}
        {!item.mine && <Badge>{t("list.notYours")}</Badge>}
        <span className="muted small">
          <DateText iso={item.submittedAt} />
        </span>
      </div>
      <p className="worklist-words">
        <a href={href} lang={item.language}>
          {item.excerpt}
        </a>
      </p>
      <p className="muted small">{facts.join(" · ")}</p>
    </article>
  );
}
