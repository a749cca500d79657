import type { Editor } from "@tiptap/core";
import { useEffect, useMemo, useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { readDoc } from "../document/read.ts";
import type { DocJSON } from "../document/schema.ts";
import { type Changes, Reckoner } from "./changes.ts";
import type { News } from "./workshop-news.ts";

/** What the copy is compared with. */
export type Base = { doc: Y.Doc; json: DocJSON };

/** In milliseconds, from a change of the text to its being reckoned: typing stays light. */
const PAUSE = 200;

/** Fetches what the copy is compared with; null until it is there. Fetched again when it moves. */
export function useBase(address: string, version: string): Base | "failed" | null {
  const [base, setBase] = useState<Base | "failed" | null>(null);
  useEffect(() => {
    let over = false;
    const load = async () => {
      const answer = await fetch(`${address}?base=${encodeURIComponent(version)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const doc = new Y.Doc();
      Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
      if (!over) setBase({ doc, json: readDoc(doc) });
    };
    load().catch(() => {
      if (!over) setBase((before) => before ?? "failed");
    });
    return () => {
      over = true;
    };
  }, [address, version]);
  return base;
}

/**
 * How the copy differs from its base, with whose each difference is: reckoned a moment after the
 * text changes, at the latest every fifth of a second, and never while a word is being composed.
 */
export function useChanges(
  editor: Editor | null,
  copy: Y.Doc,
  base: Base | null,
  { authors }: Pick<News, "authors">,
  person: string,
  awareness: Awareness,
  askNews: (soon?: boolean) => void,
): Changes | "failed" | null {
  const [changes, setChanges] = useState<Changes | "failed" | null>(null);
  const reckoner = useMemo(
    () => (base ? new Reckoner(base.doc, base.json, copy, person) : null),
    [base, copy, person],
  );

  useEffect(() => {
    if (!editor || !reckoner) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reckon = () => {
      timer = undefined;
      if (editor.isDestroyed) return;
      // A draw under an unfinished word would cut it short.
      if (editor.view.composing) {
        timer = setTimeout(reckon, PAUSE);
        return;
      }
      // Writing goes on whatever becomes of its changes.
      try {
        const { changes, unknown, present } = reckoner.reckon(editor.state.doc, authors, awareness);
        setChanges(changes);
        if (unknown || present) askNews(!unknown);
      } catch (error) {
        setChanges("failed");
        reportError(error);
      }
    };
    const later = ({ transaction }: { transaction: { docChanged: boolean } }) => {
      if (transaction.docChanged) timer ??= setTimeout(reckon, PAUSE);
    };
    const arrived = ({ added }: { added: number[] }) => {
      if (added.length > 0) timer ??= setTimeout(reckon, PAUSE);
    };
    reckon();
    editor.on("transaction", later);
    awareness.on("change", arrived);
    return () => {
      clearTimeout(timer);
      editor.off("transaction", later);
      awareness.off("change", arrived);
    };
  }, [editor, reckoner, awareness, askNews, authors]);

  return changes;
}
