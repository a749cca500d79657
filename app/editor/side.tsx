import type { Editor } from "@tiptap/core";
import { useTranslation } from "react-i18next";
import { type MarkedPassage, rangeOf } from "./input-marks.ts";
import { positionOf, type Summary } from "./outline.ts";

/** Input that waits for an answer, as the side list shows it. */
export type OpenInput = {
  id: string;
  href: string;
  kind: string;
  name: string | null;
  body: string;
  /** Null for the module as a whole, and when its passage is gone. */
  passage: MarkedPassage | null;
};

/** The headings, to jump to. */
export function Outline({ editor, summary }: { editor: Editor; summary: Summary }) {
  const { t } = useTranslation("editor");
  return (
    <nav className="outline" aria-label={t("outline.title")}>
      <h2>{t("outline.title")}</h2>
      {summary.headings.length === 0 && <p className="muted small">{t("outline.empty")}</p>}
      <ol>
        {summary.headings.map(({ id, level, text, part, minutes }, index) => (
          <li key={id ?? index} data-level={level}>
            <button type="button" onClick={() => jump(editor, id)}>
              {text || t("outline.untitled")}
              {(part || minutes) && (
                <small>
                  {[part && t(`part.${part}`), minutes && t("outline.minutes", { minutes })]
                    .filter(Boolean)
                    .join(" · ")}
                </small>
              )}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function jump(editor: Editor, id: string | null) {
  const pos = id === null ? null : positionOf(editor.state.doc, id);
  if (pos === null) return;
  const end = pos + 1 + (editor.state.doc.nodeAt(pos)?.content.size ?? 0);
  editor.chain().focus(end, { scrollIntoView: false }).run();
  const dom = editor.view.nodeDOM(pos);
  if (dom instanceof HTMLElement) dom.scrollIntoView({ block: "start" });
}

/** What the sections take of the module's time, and how long the text is. */
export function TimeAndLength({ summary, total }: { summary: Summary; total: number | null }) {
  const { t } = useTranslation("editor");
  const rest = total === null ? null : total - summary.minutes;
  return (
    <section className="time" aria-labelledby="time-title">
      <h2 id="time-title">{t("time.title")}</h2>
      <p>
        {total === null
          ? t("time.sumOnly", { sum: summary.minutes })
          : t("time.sum", { sum: summary.minutes, total })}
        {rest !== null && summary.minutes > 0 && (
          <strong className={rest < 0 ? "over" : undefined}>
            {rest > 0 && t("time.left", { minutes: rest })}
            {rest < 0 && t("time.over", { minutes: -rest })}
            {rest === 0 && t("time.even")}
          </strong>
        )}
      </p>
      {total !== null && (
        <meter min={0} max={total} value={Math.min(summary.minutes, total)} aria-hidden="true" />
      )}
      <p className="muted small">{t("wordCount", { count: summary.words })}</p>
    </section>
  );
}

export function OpenInputs({ editor, inputs }: { editor: Editor; inputs: readonly OpenInput[] }) {
  const { t } = useTranslation("editor");
  const { t: tInputs } = useTranslation("inputs");
  return (
    <section className="open-inputs" aria-labelledby="inputs-title">
      <h2 id="inputs-title">{t("inputs.title")}</h2>
      <p className="muted small">
        {inputs.length > 0 ? t("inputs.count", { count: inputs.length }) : t("inputs.none")}
      </p>
      <ul>
        {inputs.map(({ id, href, kind, name, body, passage }) => (
          <li key={id}>
            <p className="kicker">
              {[tInputs(`kind.${kind}` as "kind.comment"), name].filter(Boolean).join(" · ")}
            </p>
            <p className="input-words">{body}</p>
            <div className="actions">
              {passage && (
                <button type="button" className="as-link" onClick={() => show(editor, passage)}>
                  {t("inputs.show")}
                </button>
              )}
              <a href={href}>{t("inputs.open")}</a>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function show(editor: Editor, passage: MarkedPassage) {
  const range = rangeOf(editor.state.doc, passage);
  if (range) editor.chain().focus().setTextSelection(range).scrollIntoView().run();
}
