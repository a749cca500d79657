import type { Editor, EditorOptions } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import { OBJECTIVE_LEVELS, PARTS } from "../document/schema.ts";
import { pasteInPieces } from "./big-paste.ts";
import { Bubble } from "./bubble.tsx";
import { editorExtensions } from "./extensions.ts";
import { Here } from "./here.tsx";
import { markPassages } from "./input-marks.ts";
import { Inspector } from "./inspector.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { RescueNotice } from "./lost-words.tsx";
import { EMPTY_SUMMARY, summarise } from "./outline.ts";
import { cleanPaste } from "./paste.ts";
import type { Draft } from "./provider.ts";
import { ClosedNotice, SavedLine } from "./saved-state.tsx";
import { type OpenInput, OpenInputs, Outline, TimeAndLength } from "./side.tsx";
import type { SlashKeys, SlashState } from "./slash.ts";
import { SlashMenuView } from "./slash-menu.tsx";
import { createStore } from "./store.ts";
import { Toolbar } from "./toolbar.tsx";
import { type Live, useDraft } from "./use-draft.tsx";
import { useEditor } from "./use-editor.ts";

export type DraftEditorProps = {
  docId: string;
  title: string;
  language: string;
  /** Who edits: what isn't saved is kept for them alone. */
  person: string;
  /** Their chosen name. */
  me: string;
  /** The module's minutes; null when they aren't set. */
  minutes: number | null;
  inputs: readonly OpenInput[];
  /** The text as the server rendered it: shown until the live text is there. */
  children: ReactNode;
};

/** What the bar on top, and on phones the fields below, cover of the window: the caret stays clear. */
const CLEAR = { top: 110, bottom: 70, left: 0, right: 0 };

/** The live editor of a draft. Connects when it is mounted, leaves when it goes. */
export default function DraftEditor({ docId, person, children, ...rest }: DraftEditorProps) {
  const { live } = useDraft(docId, person);
  if (!live) return children;
  return (
    <Connected key={live.doc.guid} {...live} {...rest}>
      {children}
    </Connected>
  );
}

type ConnectedProps = Omit<DraftEditorProps, "docId" | "person"> & Live;

function Connected({ doc, draft, title, language, me, minutes, inputs, children }: ConnectedProps) {
  const { t } = useTranslation("editor");
  const [slash] = useState(() => createStore<SlashState>(null));
  const [keys] = useState<SlashKeys>(() => ({ current: null }));
  const [linking, setLinking] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const synced = useSynced(draft);
  const [host] = useState(() => document.createElement("div"));
  // Made once: new options would be set on the editor at every render.
  const [options] = useState<Partial<EditorOptions>>(() => ({
    element: host,
    // The stylesheet has what Tiptap would put in a style element: the page's policy forbids those.
    injectCSS: false,
    extensions: editorExtensions({
      doc,
      provider: draft.provider,
      slash,
      keys,
      placeholder: t("empty"),
      openLink: () => setLinking(true),
    }),
    editorProps: {
      attributes: {
        class: "prose",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": t("label", { title }),
        lang: language,
        spellcheck: "true",
      },
      scrollThreshold: CLEAR,
      scrollMargin: CLEAR,
      transformPastedHTML: cleanPaste,
      handlePaste: (view, _event, slice) => {
        const taken = pasteInPieces(view, slice);
        setTooLarge(taken === "tooLarge");
        return taken !== "no";
      },
    },
  }));
  const editor = useEditor(options);
  const ended = useEnded(draft);
  useEffect(() => {
    if (editor && ended) editor.setEditable(false);
  }, [editor, ended]);

  const words = useBlockWords();
  const ready = editor !== null && synced;
  return (
    <div className="editor-layout">
      <div className="editor-bar">
        {ready && <Toolbar editor={editor} openLink={() => setLinking(true)} />}
        <div className="editor-facts">
          <SavedLine saved={draft.saved} />
          <Here awareness={draft.provider.awareness} me={me} />
        </div>
        <ClosedNotice draft={draft} />
        <RescueNotice draft={draft} />
      </div>
      <div className="editor-text">
        {tooLarge && (
          <p className="notice warning" role="alert">
            {t("paste.tooLarge")}
          </p>
        )}
        {ready ? (
          <div className="editor-frame" ref={words}>
            <div ref={(place) => place?.append(host)} />
            <Bubble editor={editor} openLink={() => setLinking(true)} />
            <SlashMenuView editor={editor} store={slash} keys={keys} />
          </div>
        ) : (
          <div aria-busy="true">{children}</div>
        )}
      </div>
      {ready && <Around editor={editor} minutes={minutes} inputs={inputs} />}
      {ready && linking && <LinkDialog editor={editor} close={() => setLinking(false)} />}
    </div>
  );
}

/** What stands beside the text: the block's own fields, outline, time, open input. */
function Around({
  editor,
  minutes,
  inputs,
}: {
  editor: Editor;
  minutes: number | null;
  inputs: readonly OpenInput[];
}) {
  const summary = useSummary(editor);
  useInputMarks(editor, inputs);
  return (
    <>
      <Outline editor={editor} summary={summary} />
      <div className="editor-side">
        <Inspector editor={editor} />
        <TimeAndLength summary={summary} total={minutes} />
        <OpenInputs editor={editor} inputs={inputs} />
      </div>
    </>
  );
}

/** Gives the stylesheet the words that stand round blocks, in the reader's language. */
function useBlockWords() {
  const { t } = useTranslation("editor");
  return useCallback(
    (frame: HTMLElement | null) => {
      const words: Record<string, string> = {
        note: t("command.calloutNote"),
        caution: t("command.calloutCaution"),
        instructor: t("command.calloutInstructor"),
        minutes: t("minutesShort"),
      };
      for (const part of PARTS) words[part] = t(`part.${part}`);
      for (const level of OBJECTIVE_LEVELS) words[level] = t(`objectiveLevel.${level}`);
      for (const [name, word] of Object.entries(words))
        frame?.style.setProperty(`--word-${name}`, JSON.stringify(word));
    },
    [t],
  );
}

/** True from the first complete exchange on, also while the connection is lost later. */
function useSynced({ provider }: Draft): boolean {
  const [synced, setSynced] = useState(provider.synced);
  useEffect(() => {
    const look = () => setSynced((before) => before || provider.synced);
    look();
    provider.on("sync", look);
    return () => provider.off("sync", look);
  }, [provider]);
  return synced;
}

/** True once this page can't write any more. */
function useEnded({ saved }: Draft): boolean {
  const ended = () => ["closed", "refused"].includes(saved.get().state);
  return useSyncExternalStore(saved.subscribe, ended, ended);
}

/** Counted again a moment after the last change, not with every key. */
function useSummary(editor: Editor) {
  const [summary, setSummary] = useState(EMPTY_SUMMARY);
  useEffect(
    () => whenChanged(editor, 200, () => setSummary(summarise(editor.state.doc))),
    [editor],
  );
  return summary;
}

function useInputMarks(editor: Editor, inputs: readonly OpenInput[]) {
  const passages = useMemo(() => inputs.flatMap(({ passage }) => passage ?? []), [inputs]);
  useEffect(() => {
    if (passages.length === 0) return;
    return whenChanged(editor, 500, () => markPassages(editor.view, passages), isChangeOrigin);
  }, [editor, passages]);
}

/** Calls `look` now, and some time after each change of the text that `counts`. */
function whenChanged(
  editor: Editor,
  delay: number,
  look: () => void,
  counts: typeof isChangeOrigin = () => true,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = ({ transaction }: { transaction: Parameters<typeof isChangeOrigin>[0] }) => {
    if (!transaction.docChanged || !counts(transaction)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!editor.isDestroyed) look();
    }, delay);
  };
  look();
  editor.on("transaction", wait);
  return () => {
    clearTimeout(timer);
    editor.off("transaction", wait);
  };
}
