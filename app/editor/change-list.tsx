import { memo, type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Badge, Button } from "../ui/blocks.tsx";
import type { Whose } from "./change-drawing.ts";
import type { Change } from "./changes.ts";
import { initials, inkOn } from "./presence.ts";
import { useChangeWords } from "./whose.ts";
import { piecesOf } from "./word-pieces.ts";

/** What became of a change that was proposed. */
export type Proposal = {
  /** In words. */
  state: string;
  tone: "active" | "good" | "warning" | "problem" | "";
  /** The page that tells more; null where this person may not open it. */
  href: string | null;
  /** It may be proposed once more. */
  again: boolean;
};

/** All differences in reading order, each with whose it is, its words, and a way to choose it. */
export function ChangeList({
  changes,
  proposals,
  current,
  chosen,
  leads,
  choose,
  show,
}: {
  changes: readonly Change[];
  proposals: Readonly<Record<string, Proposal>>;
  current: string | null;
  /** Null where nothing can be proposed. */
  chosen: ReadonlySet<string> | null;
  /** May propose what others wrote, for the group. */
  leads: boolean;
  choose: (keys: readonly string[], on: boolean) => void;
  show: (key: string) => void;
}) {
  const { t } = useTranslation("workshops");
  const byBlock = new Map<string, string[]>();
  const mayChoose = ({ key, mine }: Change) => (mine || leads) && proposals[key]?.again !== false;
  if (chosen) {
    for (const change of changes) {
      const [block] = change.blocks;
      if (block && mayChoose(change))
        byBlock.set(block, [...(byBlock.get(block) ?? []), change.key]);
    }
  }
  return (
    <ol className="change-list plain-list">
      {changes.map((change) => {
        const together = byBlock.get(change.blocks[0] ?? "") ?? [];
        const leads = together.length > 1 && together[0] === change.key;
        return (
          <ChangeCard
            key={change.key}
            change={change}
            proposal={proposals[change.key]}
            isCurrent={change.key === current}
            show={() => show(change.key)}
          >
            {chosen && mayChoose(change) && (
              <div className="change-choose">
                <Tick
                  checked={chosen.has(change.key)}
                  onChange={(on) => choose([change.key], on)}
                  label={t("list.choose")}
                />
                {leads && (
                  <Tick
                    checked={together.every((key) => chosen.has(key))}
                    onChange={(on) => choose(together, on)}
                    label={t("list.chooseBlock", { count: together.length })}
                  />
                )}
              </div>
            )}
          </ChangeCard>
        );
      })}
    </ol>
  );
}

function Tick({
  checked,
  onChange,
  label,
}: {
  checked: boolean;
  onChange: (on: boolean) => void;
  label: string;
}) {
  return (
    <label className="tick">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

function ChangeCard({
  change,
  proposal,
  isCurrent,
  show,
  children,
}: {
  change: Change;
  proposal: Proposal | undefined;
  isCurrent: boolean;
  show: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation("workshops");
  const { names } = useChangeWords();
  const card = useRef<HTMLLIElement>(null);
  const title = useId();
  useEffect(() => {
    if (isCurrent) card.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  const [first] = change.whose;
  return (
    <li
      ref={card}
      className="change-card"
      data-change={change.key}
      aria-current={isCurrent || undefined}
      style={{ "--who": first?.color } as React.CSSProperties}
    >
      <p className="change-who" id={title}>
        <Dots whose={change.whose} />
        <span>
          <strong>{names(change.whose)}</strong>
          <small>{t(`kind.${change.kind}`)}</small>
        </span>
        {proposal && <State {...proposal} />}
      </p>
      <ChangedWords before={change.before} after={change.after} />
      <div className="change-tools">
        <Button type="button" look="quiet" onClick={show} aria-describedby={title}>
          {t("list.show")}
        </Button>
        {children}
      </div>
    </li>
  );
}

/** What became of it, with the way to the page that tells more. */
export function State({ state, tone, href }: Pick<Proposal, "state" | "tone" | "href">) {
  const badge = <Badge tone={tone}>{state}</Badge>;
  return href ? (
    <a href={href} className="change-state">
      {badge}
    </a>
  ) : (
    <span className="change-state">{badge}</span>
  );
}

function Dots({ whose }: { whose: readonly Whose[] }) {
  return (
    <span className="change-dots" aria-hidden="true">
      {whose.slice(0, 3).map(({ name, color }) => (
        <span
          key={name}
          className="avatar"
          style={{ "--who": color, "--who-ink": inkOn(color) } as React.CSSProperties}
        >
          {initials(name)}
        </span>
      ))}
    </span>
  );
}

/** The words before and after, in one line of text: what went struck, what came underlined. */
export const ChangedWords = memo(function ChangedWords({
  before,
  after,
}: {
  before: string;
  after: string;
}) {
  const { t } = useTranslation("workshops");
  return (
    <p className="changed-words">
      {piecesOf(before, after).map((piece, index) => {
        if (piece.op === "gap") return " … ";
        if (piece.op === "same") return piece.text;
        const Tag = piece.op === "insert" ? "ins" : "del";
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
          <Tag key={index}>
            <span className="visually-hidden">
              {t(piece.op === "insert" ? "mark.added" : "mark.takenOut")}{" "}
            </span>
            {piece.text}
          </Tag>
        );
      })}
    </p>
  );
});
