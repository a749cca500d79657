import { useTranslation } from "react-i18next";
import { Note } from "./note.tsx";
import type { PublicInput } from "./reading.server.ts";

type Props = {
  block: { id: string; text: string };
  /** What was said about this block, in order of arrival. */
  inputs: readonly PublicInput[];
  /** Where its form is; null while comments are closed. */
  form: string | null;
  /** This page, to come back to. */
  back: string;
};

/**
 * What stands beside a paragraph: the way to comment on it, and what was said about it. On wide
 * screens the comments show in the margin, cut to the paragraph's height so that none runs into
 * the next; opened, or on a phone, they come to the front. All of it works without script.
 */
export function Beside({ block, inputs, form, back }: Props) {
  const { t } = useTranslation("inputs");
  const [first, ...more] = inputs;
  const words = firstWords(block.text);
  if (!first && (!form || block.text.trim() === "")) return null;
  return (
    <div className="beside">
      {form && (
        <a
          className={first ? "comment-control has-notes" : "comment-control"}
          href={form}
          data-comment
          aria-label={t("read.comment", { words })}
        >
          <Bubble count={0} />
        </a>
      )}
      {first && (
        <details className="notes" name="notes" data-lines={linesFor(block.text)}>
          <summary aria-label={t("read.notes", { count: inputs.length, words })}>
            <span className="notes-count">
              <Bubble count={inputs.length} />
            </span>
            <span className="notes-preview" aria-hidden="true">
              <span className="notes-first">
                <b>{first.name ?? t("anonymous")}</b>{" "}
                {first.suggestion && <i>{t("kind.suggestion")}: </i>}
                {first.body}
              </span>
              {more.length > 0 && (
                <span className="notes-more">{t("read.more", { count: more.length })}</span>
              )}
            </span>
            <span className="notes-close" aria-hidden="true">
              {t("read.close")}
            </span>
          </summary>
          <div className="notes-open">
            {inputs.map((input) => (
              <Note key={input.id} input={input} back={back} />
            ))}
            {form && (
              <a className="button" href={form} data-comment>
                {t("read.add")}
              </a>
            )}
          </div>
        </details>
      )}
    </div>
  );
}

function Bubble({ count }: { count: number }) {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
      <path
        d="M4 4.75h16v11.5h-9l-4.5 3.5v-3.5H4z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      {count > 0 ? (
        <text
          x="12"
          y="14.3"
          textAnchor="middle"
          fontSize="9.5"
          fontWeight="700"
          fill="currentColor"
        >
          {count > 99 ? "99" : count}
        </text>
      ) : (
        <path d="M12 7.75v5.5M9.25 10.5h5.5" stroke="currentColor" strokeWidth="1.5" />
      )}
    </svg>
  );
}

/** How a paragraph is named to somebody who listens to the page. */
function firstWords(text: string): string {
  const words = text.trim().split(/\s+/);
  return words.slice(0, 6).join(" ") + (words.length > 6 ? "…" : "");
}

/**
 * How many lines of a note fit beside a paragraph. On wide screens a line of text holds some 78
 * characters; a line of the note is lower than one of the text by a third.
 */
function linesFor(text: string): number {
  return Math.min(8, Math.floor((Math.ceil(text.length / 78) * 1.75 + 0.1) / 1.1));
}
