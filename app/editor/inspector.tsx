import type { Editor } from "@tiptap/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { OBJECTIVE_LEVELS, PARTS } from "../document/schema.ts";
import { useEditorState } from "./use-editor.ts";

const MOST_MINUTES = 1440;
const MOST_LETTERS = 500;

/** What a section or an objective says beside its words, for the block the caret stands in. */
export function Inspector({ editor }: { editor: Editor }) {
  const { t } = useTranslation("editor");
  const block = useEditorState(editor, inspected);
  if (!block) return null;
  const set = (attrs: Record<string, unknown>) => setAttrs(editor, block.pos, attrs);
  return (
    <section className="inspector" aria-label={t("inspector.label")}>
      <details open={!matchMedia("(max-width: 60rem)").matches}>
        <summary>{t(`inspector.${block.type}`)}</summary>
        {block.type === "heading" ? (
          <SectionFields attrs={block.attrs} set={set} />
        ) : (
          <ObjectiveFields attrs={block.attrs} set={set} />
        )}
      </details>
    </section>
  );
}

type Fields = {
  attrs: Record<string, unknown>;
  set: (attrs: Record<string, unknown>) => void;
};

function SectionFields({ attrs, set }: Fields) {
  const { t } = useTranslation("editor");
  const id = useId();
  return (
    <div className="inspector-fields short">
      <div className="field">
        <label htmlFor={`${id}-part`}>{t("inspector.part")}</label>
        <select
          id={`${id}-part`}
          value={String(attrs.part ?? "")}
          onChange={({ target }) => set({ part: target.value || null })}
        >
          <option value="">{t("inspector.noPart")}</option>
          {PARTS.map((part) => (
            <option key={part} value={part}>
              {t(`part.${part}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-minutes`}>{t("inspector.minutes")}</label>
        <input
          id={`${id}-minutes`}
          type="number"
          inputMode="numeric"
          min={1}
          max={MOST_MINUTES}
          value={String(attrs.minutes ?? "")}
          onChange={({ target }) => set({ minutes: minutesOf(target.value) })}
        />
      </div>
    </div>
  );
}

function ObjectiveFields({ attrs, set }: Fields) {
  const { t } = useTranslation("editor");
  const id = useId();
  return (
    <div className="inspector-fields">
      <div className="field">
        <label htmlFor={`${id}-level`}>{t("inspector.level")}</label>
        <select
          id={`${id}-level`}
          value={String(attrs.level)}
          onChange={({ target }) => set({ level: target.value })}
        >
          {OBJECTIVE_LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`objectiveLevel.${level}`)}
            </option>
          ))}
        </select>
      </div>
      {(["condition", "standard", "assessed"] as const).map((name) => (
        <div className="field" key={name}>
          <label htmlFor={`${id}-${name}`}>{t(`inspector.${name}`)}</label>
          <p className="hint small" id={`${id}-${name}-hint`}>
            {t(`inspector.${name}Hint`)}
          </p>
          <input
            id={`${id}-${name}`}
            type="text"
            autoComplete="off"
            maxLength={MOST_LETTERS}
            aria-describedby={`${id}-${name}-hint`}
            value={String(attrs[name] ?? "")}
            onChange={({ target }) => set({ [name]: target.value })}
          />
        </div>
      ))}
    </div>
  );
}

/** The section heading or objective at the caret; null elsewhere, and while the text can't be changed. */
function inspected(editor: Editor) {
  const { $head } = editor.state.selection;
  const { type, attrs } = $head.parent;
  if (!editor.isEditable || $head.depth === 0) return null;
  if (type.name === "objective") return { type: "objective" as const, pos: $head.before(), attrs };
  if (type.name === "heading" && attrs.level === 2)
    return { type: "heading" as const, pos: $head.before(), attrs };
  return null;
}

function setAttrs(editor: Editor, pos: number, attrs: Record<string, unknown>) {
  editor.commands.command(({ tr }) => {
    for (const [name, value] of Object.entries(attrs)) tr.setNodeAttribute(pos, name, value);
    return true;
  });
}

function minutesOf(typed: string): number | null {
  const minutes = Math.round(Number(typed));
  return minutes >= 1 ? Math.min(minutes, MOST_MINUTES) : null;
}
