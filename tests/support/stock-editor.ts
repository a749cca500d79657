import { Editor, type EditorOptions } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { FRAGMENT, nodesAndMarks } from "#app/document/schema.ts";

/**
 * Anybody's editor: Tiptap with the nodes of these texts, its own collaboration, and y-websocket's
 * own provider. Nothing of ours is in it; it runs in the page of whoever joined.
 */
function openStock(docId: string, name: string) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(
    `${location.origin.replace("http", "ws")}/collab`,
    docId,
    doc,
    { disableBc: true },
  );
  const element = document.createElement("div");
  document.body.replaceChildren(element);
  const extensions = [
    ...nodesAndMarks,
    Collaboration.configure({ document: doc, field: FRAGMENT }),
    CollaborationCaret.configure({ provider, user: { name, color: "#123456" } }),
  ] as EditorOptions["extensions"];
  const editor = new Editor({ element, extensions, injectCSS: false });
  return { doc, provider, editor };
}

// y-websocket says so of each message it doesn't know, and goes on: a saved line means nothing to it.
const say = console.error;
console.error = (...words: unknown[]) => {
  if (words[0] !== "Unable to compute message") say(...words);
};

Object.assign(window, { openStock });

declare global {
  interface Window {
    openStock: typeof openStock;
    stock: ReturnType<typeof openStock>;
  }
}
