import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "../ui/blocks.tsx";
import type { News } from "./workshop-news.ts";

/** What somebody in the copy must know now: that it is paused, closed, only to be read; and its end. */
export function WorkshopNotices({
  news,
  gone,
  leads,
  address,
  offline = false,
  failed = false,
}: {
  news: News;
  /** The status of a refusal: this person isn't in the copy any more. */
  gone: number | null;
  leads: boolean;
  address: string;
  offline?: boolean;
  /** The differences can't be told. */
  failed?: boolean;
}) {
  const { t } = useTranslation("workshops");
  const thawed = useThawed(news.status);
  const moved = useMoved(news.base);
  const standing = () => {
    if (gone !== null) return t("live.removed");
    if (news.status === "closed") return t("live.closed");
    if (news.status === "frozen") return t("live.frozen");
    if (!news.mayWrite) return t("live.watching");
    return null;
  };
  const words = standing();
  return (
    <div className="workshop-notices">
      {/* Kept in the page, so that what comes into it is heard. */}
      <div role="status">
        {words && (
          <Notice tone={gone === null ? "quiet" : "warning"}>
            <p>{words}</p>
          </Notice>
        )}
        {!words && thawed && (
          <Notice tone="good">
            <p>{t("live.thawed")}</p>
          </Notice>
        )}
        {moved && (
          <Notice>
            <p>{t("live.baseMoved")}</p>
          </Notice>
        )}
        {!words && offline && (
          <Notice tone="quiet">
            <p>{t("live.offlineWrite")}</p>
          </Notice>
        )}
        {leads && news.held > 0 && (
          <Notice tone="warning">
            <p>
              <strong>{t("live.heldWaiting", { count: news.held })}</strong>{" "}
              <a href={`${address}/care#held`}>{t("live.heldLook")}</a>
            </p>
          </Notice>
        )}
      </div>
      {failed && (
        <Notice tone="problem">
          <p>{t("live.changesFailed")}</p>
        </Notice>
      )}
    </div>
  );
}

/** True once a pause has ended while this page was open. */
function useThawed(status: News["status"]): boolean {
  const before = useRef(status);
  const [thawed, setThawed] = useState(false);
  useEffect(() => {
    if (before.current === "frozen" && status === "open") setThawed(true);
    if (status !== "open") setThawed(false);
    before.current = status;
  }, [status]);
  return thawed;
}

/** True once the copy is compared with another base than when this page was opened. */
function useMoved(base: string): boolean {
  const [first] = useState(base);
  return base !== first;
}
