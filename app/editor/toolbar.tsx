import type { Editor } from "@tiptap/core";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ariaKeys, COMMANDS, type CommandName, LINK_KEYS, shownKeys } from "./commands.ts";
import { Icon } from "./icons.tsx";
import { MenuButton } from "./menu-button.tsx";
import { useEditorState } from "./use-editor.ts";

const GROUPS: readonly (readonly CommandName[])[] = [
  ["undo", "redo"],
  ["heading2", "heading3", "heading4"],
  ["bold", "italic", "underline", "strike", "code", "link"],
  ["bulletList", "orderedList", "outdent", "indent"],
  ["quote", "objective", "divider"],
];
const CALLOUTS = ["calloutNote", "calloutCaution", "calloutInstructor"] as const;
const TABLE = [
  "table",
  "rowBefore",
  "rowAfter",
  "rowDelete",
  "columnBefore",
  "columnAfter",
  "columnDelete",
  "headerRow",
  "tableDelete",
] as const;

type Props = { editor: Editor; openLink: () => void };

/** The formatting toolbar: one stop for Tab, arrow keys inside it, Escape back to the text. */
export function Toolbar({ editor, openLink }: Props) {
  const { t } = useTranslation("editor");
  const [tip, setTip] = useState<{ text: string; left: number } | null>(null);
  const [current, setCurrent] = useState("undo");
  const frame = useRef<HTMLDivElement>(null);

  const point = (target: EventTarget) => {
    const tool = (target as Element).closest<HTMLElement>("[data-tip]");
    if (!tool || !frame.current) return setTip(null);
    const left = tool.getBoundingClientRect().left - frame.current.getBoundingClientRect().left;
    setTip({ text: tool.dataset.tip ?? "", left: Math.min(left, frame.current.clientWidth - 160) });
  };
  const tool = (name: CommandName) => (
    <Tool
      key={name}
      name={name}
      editor={editor}
      openLink={openLink}
      inTabOrder={current === name}
    />
  );
  return (
    <div className="toolbar-frame" ref={frame}>
      <div
        role="toolbar"
        aria-label={t("toolbar")}
        className="toolbar"
        onKeyDown={(event) => {
          if (event.key === "Escape") editor.commands.focus();
          else moveFocus(event);
        }}
        onFocus={({ target }) => {
          const { tool: name } = target.dataset;
          if (name) setCurrent(name);
          if (target.matches(":focus-visible")) point(target);
        }}
        onBlur={() => setTip(null)}
        onMouseOver={({ target }) => point(target)}
        onMouseLeave={() => setTip(null)}
      >
        {GROUPS.map((group) => (
          <Group key={group[0]}>{group.map(tool)}</Group>
        ))}
        <Group>
          <MenuButton
            name="callout"
            label={t("menu.callout")}
            items={CALLOUTS}
            editor={editor}
            inTabOrder={current === "callout"}
          />
          <MenuButton
            name="table"
            label={t("menu.table")}
            items={TABLE}
            editor={editor}
            inTabOrder={current === "table"}
          />
        </Group>
      </div>
      {tip && (
        <div className="tip" aria-hidden="true" ref={(element) => place(element, tip.left)}>
          {tip.text}
        </div>
      )}
    </div>
  );
}

function Group({ children }: { children: ReactNode }) {
  return <div className="tool-group">{children}</div>;
}

function place(element: HTMLElement | null, left: number) {
  element?.style.setProperty("inset-inline-start", `${Math.max(0, left)}px`);
}

/** One button. It stays focusable when it can't be used, so that the focus is never lost. */
export function Tool({
  name,
  editor,
  openLink,
  inTabOrder = true,
}: Props & { name: CommandName; inTabOrder?: boolean }) {
  const { t } = useTranslation("editor");
  const command = name === "link" ? null : COMMANDS[name];
  const keys = command ? command.keys : LINK_KEYS;
  const { active, enabled } = useEditorState(editor, (editor) => ({
    active: command ? command.active?.(editor) : editor.isActive("link"),
    enabled: editor.isEditable && (command?.enabled?.(editor) ?? true),
  }));
  const label = t(`command.${name}`);
  return (
    <button
      type="button"
      className="tool"
      data-tool={name}
      data-tip={keys ? t("shortcut", { label, keys: shownKeys(keys) }) : label}
      aria-label={label}
      aria-pressed={active}
      aria-disabled={!enabled || undefined}
      aria-keyshortcuts={keys && ariaKeys(keys)}
      tabIndex={inTabOrder ? 0 : -1}
      // The text keeps its focus and its selection when the mouse is used.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        if (!enabled) return;
        if (command) command.run(editor);
        else openLink();
      }}
    >
      <Icon name={name} />
    </button>
  );
}

/** Arrow keys, Home and End among the tools of the toolbar that holds the focus. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  if ((event.target as Element).closest("[role=menu]")) return;
  const tools = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-tool]")];
  const at = tools.indexOf(event.target as HTMLElement);
  const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const next: Record<string, number> = {
    [forward]: (at + 1) % tools.length,
    [back]: (at - 1 + tools.length) % tools.length,
    Home: 0,
    End: tools.length - 1,
  };
  const to = next[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  tools[to]?.focus();
}
