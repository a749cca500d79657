import type { Editor, EditorOptions } from "@tiptap/core";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type DocLabels, DocText } from "../document/render.tsx";
import { pasteInPieces } from "./big-paste.ts";
import { Bubble } from "./bubble.tsx";
import { ChangeMarks, placeOfChange, showChanges } from "./change-marks.ts";
import type { Changes } from "./changes.ts";
import { ChangesPanel } from "./changes-panel.tsx";
import { editorExtensions } from "./extensions.ts";
import { Here } from "./here.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { RescueNotice } from "./lost-words.tsx";
import { cleanPaste } from "./paste.ts";
import type { Draft } from "./provider.ts";
import { ClosedNotice, SavedLine } from "./saved-state.tsx";
import type { SlashKeys, SlashState } from "./slash.ts";
import { SlashMenuView } from "./slash-menu.tsx";
import { createStore, useStore } from "./store.ts";
import { Toolbar } from "./toolbar.tsx";
import { useBase, useChanges } from "./use-changes.ts";
import { HeldNotice, type Live, useDraft } from "./use-draft.tsx";
import { useEditor } from "./use-editor.ts";
import { type View, ViewSwitch } from "./view-switch.tsx";
import { useChangeWords } from "./whose.ts";
import { type News, useNews } from "./workshop-news.ts";
import { WorkshopNotices } from "./workshop-notices.tsx";

export type WorkshopEditorProps = {
  docId: string;
  /** The copy's address: its parts hang below it. */
  address: string;
  title: string;
  language: string;
  /** Who writes here: what isn't saved is kept for them alone. */
  person: string;
  /** Their name in this copy. */
  me: string;
  /** Leads the session: may propose for the group, and settles what is held. */
  leads: boolean;
  news: News;
  labels: DocLabels;
  /** The text as the server rendered it: shown until the live text is there. */
  children: ReactNode;
};

const CLEAR = { top: 130, bottom: 90, left: 0, right: 0 };

/** The live copy: everybody's text, and over it how it differs from the draft. */
export default function WorkshopEditor({ children, ...props }: WorkshopEditorProps) {
  const { docId, person, address } = props;
  const { news, gone, ask } = useNews(`${address}/now`, props.news);
  const { live, held } = useDraft(docId, person, gone === null);
  return (
    <>
      <HeldNotice held={held} />
      {live ? (
        <LiveCopy key={live.doc.guid} {...props} {...live} news={news} gone={gone} ask={ask}>
          {children}
        </LiveCopy>
      ) : (
        <>
          <WorkshopNotices news={news} gone={gone} leads={props.leads} address={address} />
          {children}
        </>
      )}
    </>
  );
}

type LiveProps = WorkshopEditorProps &
  Live & { gone: number | null; ask: (soon?: boolean) => void };

function LiveCopy({
  doc,
  draft,
  address,
  title,
  language,
  person,
  me,
  leads,
  news,
  gone,
  ask,
  labels,
  children,
}: LiveProps) {
  const { t } = useTranslation(["workshops", "editor"]);
  const [slash] = useState(() => createStore<SlashState>(null));
  const [keys] = useState<SlashKeys>(() => ({ current: null }));
  const [current] = useState(() => createStore<string | null>(null));
  const [linking, setLinking] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const [view, setView] = useState<View>("changes");
  const synced = useSynced(draft);
  const [host] = useState(() => document.createElement("div"));
  // Put in place once: moved again, the text would lose the focus.
  const setPlace = useCallback((place: HTMLElement | null) => place?.append(host), [host]);
  const [options] = useState<Partial<EditorOptions>>(() => ({
    element: host,
    injectCSS: false,
    editable: news.mayWrite,
    extensions: [
      ...editorExtensions({
        doc,
        provider: draft.provider,
        slash,
        keys,
        placeholder: t("editor:empty"),
        openLink: () => setLinking(true),
      }),
      ChangeMarks.configure({ current }),
    ],
    editorProps: {
      attributes: {
        class: "prose",
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": t("live.label", { title }),
        lang: language,
        spellcheck: "true",
        // Who only reads must reach the text by keys too.
        tabindex: "0",
      },
      scrollThreshold: CLEAR,
      scrollMargin: CLEAR,
      transformPastedHTML: cleanPaste,
      handlePaste: (editorView, _event, slice) => {
        const taken = pasteInPieces(editorView, slice);
        setTooLarge(taken === "tooLarge");
        return taken !== "no";
      },
    },
  }));
  const editor = useEditor(options);
  const { state } = useStore(draft.saved);
  // The connection knows first that nothing is taken any more; the news tell why.
  const cut = state === "closed" || state === "refused" || state === "reading";
  const mayWrite = news.mayWrite && !cut;
  useEffect(() => {
    if (!editor || editor.isDestroyed) return;
    if (editor.isEditable !== mayWrite) editor.setEditable(mayWrite);
    editor.view.dom.setAttribute("aria-readonly", String(!mayWrite));
  }, [editor, mayWrite]);
  useEffect(() => {
    if (cut === news.mayWrite) ask();
  }, [cut, news.mayWrite, ask]);

  const ready = editor !== null && synced;
  const base = useBase(`${address}/base`, news.base);
  const compared = base === "failed" ? null : base;
  const reckoned = useChanges(
    ready ? editor : null,
    doc,
    compared,
    news,
    person,
    draft.provider.awareness,
    ask,
  );
  const changes = reckoned === "failed" ? null : reckoned;
  useDrawn(ready ? editor : null, changes, view, current);
  const writes = ready && mayWrite;
  const before = view === "before" && compared !== null;
  return (
    <div className="editor-layout workshop-layout" data-view={view}>
      <div className="editor-bar">
        {writes && !before && <Toolbar editor={editor} openLink={() => setLinking(true)} />}
        <div className="workshop-bar">
          <ViewSwitch view={view} setView={setView} />
          <div className="editor-facts">
            <SavedLine saved={draft.saved} />
            <Here awareness={draft.provider.awareness} me={me} />
          </div>
        </div>
        {gone === null && <ClosedNotice draft={draft} />}
        <RescueNotice draft={draft} />
      </div>
      <div className="editor-text">
        <WorkshopNotices
          news={news}
          gone={gone}
          leads={leads}
          address={address}
          offline={state === "offline"}
          failed={base === "failed" || reckoned === "failed"}
        />
        {tooLarge && (
          <p className="notice warning" role="alert">
            {t("editor:paste.tooLarge")}
          </p>
        )}
        {before && (
          <div className="workshop-base">
            <p className="muted small">{t("view.beforeNote")}</p>
            <div className="prose" lang={language}>
              <DocText json={compared.json} labels={labels} />
            </div>
          </div>
        )}
        {ready ? (
          <div className="editor-frame" hidden={before}>
            <div ref={setPlace} />
            {writes && <Bubble editor={editor} openLink={() => setLinking(true)} />}
            {writes && <SlashMenuView editor={editor} store={slash} keys={keys} />}
          </div>
        ) : (
          <div aria-busy="true">{children}</div>
        )}
      </div>
      <ChangesPanel
        changes={changes}
        proposals={news.proposals}
        current={current}
        leads={leads}
        mayPropose={news.mayPropose}
        mayWrite={writes}
        address={`${address}/changes`}
        show={(key) => {
          setView("changes");
          if (editor) showInText(editor, key);
        }}
        sent={ask}
      />
      {writes && linking && <LinkDialog editor={editor} close={() => setLinking(false)} />}
    </div>
  );
}

/** Draws the changes in the text whenever they, or what is looked at, are others. */
function useDrawn(
  editor: Editor | null,
  changes: Changes | null,
  view: View,
  store: { get: () => string | null; subscribe: (listener: () => void) => () => void },
): void {
  const current = useStore(store);
  const { say, label } = useChangeWords();
  const whose = useMemo(
    () => new Map(changes?.list.map((change) => [change.key, change.whose])),
    [changes],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words follow the language alone
  useEffect(() => {
    if (!editor || editor.isDestroyed || !changes) return;
    showChanges(editor.view, view === "changes" ? changes.marks : [], {
      whose: (hunk) => whose.get(hunk) ?? [],
      say,
      label,
      current,
    });
  }, [editor, changes, whose, view, current]);
}

/** Brings a change into sight; the caret goes there where one may write. */
function showInText(editor: Editor, key: string): void {
  // The change may have been hidden till now: after the next draw it has a place.
  requestAnimationFrame(() => {
    if (editor.isDestroyed) return;
    const place = placeOfChange(editor.view, key);
    if (place === null) return;
    const at = Math.min(place + 1, editor.state.doc.content.size);
    editor.chain().focus(at, { scrollIntoView: false }).run();
    const drawn = editor.view.dom.querySelector(`[data-hunk="${CSS.escape(key)}"]`);
    drawn?.scrollIntoView({ block: "center" });
  });
}

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
