import { Link } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { languageName } from "../../i18n/format.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { DateText, Empty } from "../../ui/blocks.tsx";
import {
  addressOf,
  PAGE_SIZE,
  QUEUE_STATUSES,
  type QueueFilter,
  type QueueStatus,
} from "./moderation.ts";
import type { QueueItem } from "./queue.server.ts";

/** The states as tabs, each with how many there are. */
export function StatusTabs({
  filter,
  counts,
}: {
  filter: QueueFilter;
  counts: Record<QueueStatus, number>;
}) {
  const { t } = useTranslation("moderation");
  return (
    <nav className="tabs" aria-label={t("tabs")}>
      <ul>
        {QUEUE_STATUSES.map((status) => (
          <li key={status}>
            <Link
              to={addressOf({ ...filter, status, after: undefined })}
              aria-current={status === filter.status ? "page" : undefined}
            >
              {t(`status.${status}`)} <span className="count">{counts[status]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The list of a mail client: one line of who and what, two of words. */
export function QueueList({
  filter,
  items,
  total,
  next,
  chosen,
}: {
  filter: QueueFilter;
  items: readonly QueueItem[];
  total: number;
  next: number | null;
  chosen: string | null;
}) {
  const { t, i18n } = useTranslation(["moderation", "inputs"]);
  const current = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list follows what is chosen
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <nav className="queue-list" aria-label={t("list.label")}>
      <p className="muted small">{t("list.count", { count: total })}</p>
      {items.length === 0 && <NothingHere filter={filter} />}
      <ol className="plain-list">
        {items.map((item) => (
          <li key={item.id}>
            <Link
              className="queue-item"
              to={addressOf(filter, { input: item.id })}
              ref={item.id === chosen ? current : undefined}
              aria-current={item.id === chosen ? "true" : undefined}
              preventScrollReset
            >
              <span className="queue-item-head">
                <strong>{t(`inputs:kind.${item.kind}`)}</strong>
                <DateText iso={item.submittedAt} />
              </span>
              <span className="queue-item-words" lang={item.language}>
                {item.excerpt || t("preview.noWords")}
              </span>
              <span className="queue-item-foot">
                {item.module
                  ? inLanguage(item.module, i18n.language)
                  : t("inputs:whole.curriculum")}
                {" · "}
                {t(`inputs:channel.${item.channel}`)}
                {item.language !== i18n.language &&
                  ` · ${languageName(item.language, i18n.language)}`}
              </span>
            </Link>
          </li>
        ))}
      </ol>
      <p className="queue-pages">
        {filter.after && (
          <Link to={addressOf({ ...filter, after: undefined })}>{t("list.first")}</Link>
        )}
        {next && (
          <Link to={addressOf({ ...filter, after: next })}>
            {t("list.more", { count: PAGE_SIZE })}
          </Link>
        )}
      </p>
    </nav>
  );
}

function NothingHere({ filter }: { filter: QueueFilter }) {
  const { t } = useTranslation("moderation");
  const { status, ...narrowing } = filter;
  const narrowed = Object.values(narrowing).some((value) => value !== undefined);
  return status === "waiting" && !narrowed ? (
    <Empty title={t("empty.waiting")}>
      <p>{t("empty.waitingHint")}</p>
    </Empty>
  ) : (
    <Empty title={t("empty.other")}>
      <p>{t("empty.otherHint")}</p>
      {narrowed && (
        <p>
          <Link to={addressOf({ status })}>{t("empty.clear")}</Link>
        </p>
      )}
    </Empty>
  );
}
