import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/blocks.tsx";
import { ChangeList, type Proposal } from "./change-list.tsx";
import type { Changes } from "./changes.ts";
import { stillChosen } from "./chosen.ts";
import { ProposeDialog } from "./propose-dialog.tsx";
import { StepIcon } from "./step-icon.tsx";
import { type Store, useStore } from "./store.ts";
import { useChangeWords } from "./whose.ts";
import type { News } from "./workshop-news.ts";

const NONE: Changes["list"] = [];

type Filter = "all" | "mine" | "fresh";
const FILTERS: readonly Filter[] = ["all", "mine", "fresh"];
const TONES: Record<string, Proposal["tone"]> = {
  waiting: "active",
  approved: "active",
  adopted: "good",
  partly_adopted: "good",
  held: "warning",
  returned: "warning",
  rejected: "problem",
  declined: "problem",
};
const STATES = [
  "waiting",
  "approved",
  "held",
  "returned",
  "rejected",
  "withdrawn",
  "adopted",
  "partly_adopted",
  "already_covered",
  "declined",
  "out_of_scope",
  "referred",
  "taken_back",
] as const;

/**
 * Beside the text, on phones a sheet below it: all changes, to step through, to choose from and to
 * propose. F8 steps on, Shift+F8 back, wherever one is.
 */
export function ChangesPanel({
  changes,
  proposals,
  current,
  leads,
  mayPropose,
  mayWrite,
  address,
  show,
  sent,
}: {
  /** Null until they are reckoned. */
  changes: Changes | null;
  proposals: News["proposals"];
  current: Store<string | null>;
  leads: boolean;
  mayPropose: boolean;
  mayWrite: boolean;
  address: string;
  show: (key: string) => void;
  sent: () => void;
}) {
  const { t } = useTranslation("workshops");
  const { names } = useChangeWords();
  const [open, setOpen] = useState(false);
  const [filter, setFilter] = useState<Filter>("all");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [proposing, setProposing] = useState(false);
  const [said, setSaid] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const at = useStore(current);
  const list = changes?.list ?? NONE;
  const last = useRef(list);
  useEffect(() => {
    const before = last.current;
    last.current = list;
    if (before !== list) setTicked((ticked) => stillChosen(ticked, before, list));
  }, [list]);

  const mayChoose = (key: string) => proposals[key]?.again !== false;
  const shown = list.filter(({ key, mine }) => {
    if (filter === "mine") return mine;
    return filter === "all" || mayChoose(key);
  });
  // What is gone, or was proposed meanwhile, can't be chosen.
  const chosen = useMemo(
    () =>
      new Set(
        list.flatMap(({ key }) =>
          ticked.has(key) && proposals[key]?.again !== false ? [key] : [],
        ),
      ),
    [list, ticked, proposals],
  );
  const step = (by: 1 | -1) => {
    if (list.length === 0) return;
    const index = list.findIndex(({ key }) => key === at);
    const from = index < 0 ? (by > 0 ? -1 : 0) : index;
    const next = list[(from + by + list.length) % list.length];
    if (!next) return;
    current.set(next.key);
    show(next.key);
    const what = `${names(next.whose)}, ${t(`kind.${next.kind}`)}`;
    setSaid(t("list.position", { n: list.indexOf(next) + 1, count: list.length, what }));
  };
  const stepped = useRef(step);
  stepped.current = step;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "F8" || event.altKey || event.ctrlKey || event.metaKey) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      stepped.current(event.shiftKey ? -1 : 1);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  const choose = (keys: readonly string[], on: boolean) =>
    setTicked((before) => {
      const after = new Set(before);
      for (const key of keys) {
        if (on) after.add(key);
        else after.delete(key);
      }
      return after;
    });
  const shownProposals = Object.fromEntries(
    Object.entries(proposals).map(([key, { state, href, again }]) => {
      const known = STATES.find((one) => one === state) ?? "waiting";
      return [key, { state: t(`state.${known}`), tone: TONES[known] ?? "", href, again }];
    }),
  );
  const close = () => {
    setOpen(false);
    toggle.current?.focus();
  };
  return (
    <aside className="changes-side" aria-label={t("list.title")} data-open={open || undefined}>
      <div className="changes-head">
        <h2 ref={heading} className="changes-count" tabIndex={-1}>
          {t("list.count", { count: list.length })}
        </h2>
        <div className="changes-steps">
          <button
            type="button"
            className="tool"
            aria-label={t("list.previous")}
            title={`${t("list.previous")} (Shift+F8)`}
            aria-keyshortcuts="Shift+F8"
            disabled={list.length === 0}
            onClick={() => step(-1)}
          >
            <StepIcon up />
          </button>
          <button
            type="button"
            className="tool"
            aria-label={t("list.next")}
            title={`${t("list.next")} (F8)`}
            aria-keyshortcuts="F8"
            disabled={list.length === 0}
            onClick={() => step(1)}
          >
            <StepIcon up={false} />
          </button>
          <button
            ref={toggle}
            type="button"
            className="button changes-toggle"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t(open ? "list.close" : "list.open")}
          </button>
        </div>
      </div>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape folds the sheet from anywhere in it */}
      <div
        className="changes-body"
        onKeyDown={({ key }) => {
          if (key === "Escape" && open) close();
        }}
      >
        {list.length > 3 && (
          <fieldset className="changes-filter">
            <legend className="visually-hidden">{t("list.filter")}</legend>
            {FILTERS.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="changes-filter"
                  checked={filter === one}
                  onChange={() => setFilter(one)}
                />
                <span>{t(`list.${one}`)}</span>
              </label>
            ))}
          </fieldset>
        )}
        {changes && list.length === 0 && (
          <div className="changes-empty">
            <p>{t(mayWrite ? "list.empty" : "list.emptyWatch")}</p>
          </div>
        )}
        {list.length > 0 && shown.length === 0 && <p className="muted">{t("list.noneHere")}</p>}
        <ChangeList
          changes={shown}
          proposals={shownProposals}
          current={at}
          chosen={mayPropose ? chosen : null}
          leads={leads}
          choose={choose}
          show={(key) => {
            current.set(key);
            setOpen(false);
            show(key);
          }}
        />
      </div>
      {chosen.size > 0 && (
        <div className="changes-chosen">
          <span>{t("list.chosen", { count: chosen.size })}</span>
          <Button type="button" look="quiet" onClick={() => setTicked(new Set())}>
            {t("list.clear")}
          </Button>
          <Button type="button" look="primary" onClick={() => setProposing(true)}>
            {t("list.propose")}
          </Button>
        </div>
      )}
      {proposing && (
        <ProposeDialog
          changes={list.filter(({ key }) => chosen.has(key))}
          address={address}
          forGroup={leads}
          close={() => {
            setProposing(false);
            // The button that opened it may be gone: what was sent isn't chosen any more.
            if (chosen.size === 0) heading.current?.focus();
          }}
          sent={sent}
        />
      )}
    </aside>
  );
}
