import type { Editor } from "@tiptap/core";
import { useEffect, useId, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { Icon } from "./icons.tsx";
import { SLASH_COMMANDS, type SlashCommand, type SlashKeys, type SlashState } from "./slash.ts";
import { type Store, useStore } from "./store.ts";

/**
 * The menu that `/` opens. The focus stays in the text: the list is tied to it by
 * `aria-activedescendant`, and how much it holds is announced.
 */
export function SlashMenuView({
  editor,
  store,
  keys,
}: {
  editor: Editor;
  store: Store<SlashState>;
  keys: SlashKeys;
}) {
  const { t } = useTranslation("editor");
  const state = useStore(store);
  const id = useId();
  const [active, setActive] = useState(0);
  const [element] = useState(() => document.createElement("div"));
  const query = state?.query ?? null;
  const found = useMemo(
    () =>
      query === null
        ? []
        : SLASH_COMMANDS.filter((name) => matches(query, t(`command.${name}`), t(`words.${name}`))),
    [query, t],
  );
  const at = Math.min(active, Math.max(0, found.length - 1));

  const open = state !== null;
  const mount = state?.mount;
  // Mounted once for each opening: the position follows the text by itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `mount` is new with every letter typed
  useEffect(() => {
    setActive(0);
    element.className = "slash-frame";
    return open ? mount?.(element) : undefined;
  }, [open, element]);

  useEffect(() => {
    const attributes: Record<string, string> = open
      ? {
          "aria-haspopup": "listbox",
          "aria-autocomplete": "list",
          "aria-controls": id,
          ...(found.length > 0 && { "aria-activedescendant": `${id}-${at}` }),
        }
      : {};
    const { dom } = editor.view;
    for (const [name, value] of Object.entries(attributes)) dom.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(attributes)) dom.removeAttribute(name);
    };
  }, [editor, open, id, at, found.length]);

  useEffect(() => {
    keys.current = (event) => {
      if (found.length === 0) return false;
      const last = found.length - 1;
      if (event.key === "ArrowDown") setActive(at === last ? 0 : at + 1);
      else if (event.key === "ArrowUp") setActive(at === 0 ? last : at - 1);
      else if (event.key === "Enter" || event.key === "Tab")
        state?.choose(found[at] as SlashCommand);
      else return false;
      return true;
    };
    return () => {
      keys.current = null;
    };
  }, [keys, state, found, at]);

  useEffect(() => {
    element.querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: "nearest" });
  });

  return (
    <>
      <p className="visually-hidden" role="status">
        {open && t(found.length > 0 ? "slash.count" : "slash.none", { count: found.length })}
      </p>
      {createPortal(
        <div className="slash-menu" hidden={!open}>
          <div role="listbox" id={id} aria-label={t("slash.label")} tabIndex={0}>
            {found.map((name, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the text keeps the focus and takes the keys
              <div
                key={name}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                onMouseMove={() => setActive(index)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => state?.choose(name)}
              >
                <Icon name={name} />
                {t(`command.${name}`)}
              </div>
            ))}
          </div>
          {open && found.length === 0 && <p>{t("slash.none")}</p>}
        </div>,
        element,
      )}
    </>
  );
}

/** Every word typed begins a word of the name or of what else it is called; accents don't matter. */
function matches(query: string, label: string, words: string): boolean {
  const known = plain(`${label} ${words}`).split(/\s+/);
  const typed = plain(query).split(/\s+/).filter(Boolean);
  return typed.every((part) => known.some((word) => word.startsWith(part)));
}

function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
