import type { Editor } from "@tiptap/core";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { COMMANDS, type CommandName } from "./commands.ts";
import { Icon } from "./icons.tsx";
import { useEditorState } from "./use-editor.ts";

type Item = Exclude<CommandName, "link">;

/** A tool that opens a menu of commands. Arrow keys in the menu, Escape closes it. */
export function MenuButton({
  name,
  label,
  items,
  editor,
  inTabOrder,
}: {
  name: "callout" | "table";
  label: string;
  items: readonly Item[];
  editor: Editor;
  inTabOrder: boolean;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const active = useEditorState(editor, (editor) => editor.isActive(name));
  const close = useCallback((focus: boolean) => {
    setOpen(false);
    if (focus) button.current?.focus();
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="tool menu-tool"
        data-tool={name}
        data-tip={open ? undefined : label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-active={active || undefined}
        tabIndex={inTabOrder ? 0 : -1}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name={name} />
        <span className="chevron" aria-hidden="true" />
      </button>
      {open && (
        <Menu label={label} items={items} editor={editor} anchor={button.current} close={close} />
      )}
    </>
  );
}

function Menu({
  label,
  items,
  editor,
  anchor,
  close,
}: {
  label: string;
  items: readonly Item[];
  editor: Editor;
  anchor: HTMLElement | null;
  close: (focus: boolean) => void;
}) {
  const { t } = useTranslation("editor");
  const menu = useRef<HTMLDivElement>(null);
  const states = useEditorState(editor, (editor) =>
    items.map((item) => ({
      active: COMMANDS[item].active?.(editor),
      enabled: editor.isEditable && (COMMANDS[item].enabled?.(editor) ?? true),
    })),
  );

  useEffect(() => {
    if (menu.current && anchor) placeUnder(menu.current, anchor);
    entries(menu.current)[0]?.focus();
    const closeOutside = (event: Event) => {
      const target = event.target as Node;
      if (!menu.current?.contains(target) && !anchor?.contains(target)) close(false);
    };
    const closeMoved = () => close(false);
    document.addEventListener("pointerdown", closeOutside);
    window.addEventListener("resize", closeMoved);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      window.removeEventListener("resize", closeMoved);
    };
  }, [anchor, close]);

  return (
    <div
      ref={menu}
      role="menu"
      aria-label={label}
      className="menu"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          event.stopPropagation();
          close(true);
        } else moveInMenu(event);
      }}
    >
      {items.map((item, at) => (
        <button
          key={item}
          type="button"
          {...choice(states[at]?.active)}
          aria-disabled={!states[at]?.enabled || undefined}
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            if (!states[at]?.enabled) return;
            close(false);
            COMMANDS[item].run(editor);
          }}
        >
          {t(`command.${item}`)}
        </button>
      ))}
    </div>
  );
}

/** A command that is on or off is a choice; another one just happens. */
function choice(active: boolean | undefined) {
  return active === undefined
    ? { role: "menuitem" }
    : { role: "menuitemradio", "aria-checked": active };
}

/** Fixed under its button, inside the window: the toolbar scrolls sideways on phones. */
function placeUnder(menu: HTMLElement, anchor: HTMLElement) {
  const { left, bottom } = anchor.getBoundingClientRect();
  const most = document.documentElement.clientWidth - menu.offsetWidth - 8;
  menu.style.setProperty("left", `${Math.max(8, Math.min(left, most))}px`);
  menu.style.setProperty("top", `${bottom + 4}px`);
}

function entries(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("button") ?? [])];
}

function moveInMenu(event: KeyboardEvent<HTMLElement>) {
  const all = entries(event.currentTarget);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const letter = event.key.length === 1 ? event.key.toLowerCase() : null;
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % all.length,
    ArrowUp: (at - 1 + all.length) % all.length,
    Home: 0,
    End: all.length - 1,
  };
  const starts = (entry: HTMLElement) =>
    letter !== null && entry.textContent?.toLowerCase().startsWith(letter);
  const to =
    next[event.key] ??
    [...all.keys()].find((index) => index > at && starts(all[index] as HTMLElement)) ??
    all.findIndex(starts);
  if (to < 0) return;
  event.preventDefault();
  event.stopPropagation();
  all[to]?.focus();
}
