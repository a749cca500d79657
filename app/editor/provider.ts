import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { FRAGMENT } from "../document/schema.ts";
import { createStore, type Store } from "./store.ts";

/** What becomes of the words: true at every moment, so that nobody has to guess. */
export type Saved = {
  /**
   * `connecting` until the first exchange; `saved` only when the server has committed all of it;
   * `refused` and `closed` are final: this page writes nothing any more.
   */
  state: "connecting" | "saved" | "saving" | "offline" | "refused" | "closed";
  /** Changes made here that the server hasn't acknowledged. */
  pending: number;
  /** When something was last acknowledged. */
  at: Date | null;
  /** `notSaved` while the server can't write; else why a change was refused. */
  reason?: string;
  /** The close code: 4401 signed out, 4403 role lost, 4404 no such document, 4429 too fast. */
  code?: number;
};

export type Draft = {
  provider: WebsocketProvider;
  saved: Pick<Store<Saved>, "get" | "subscribe">;
  /** The words typed here that the server doesn't have, one string a block. */
  unsavedWords(): string[];
  destroy(): void;
};

type Settings = {
  docId: string;
  doc: Y.Doc;
  /** Where the server is; the page's own address unless a test says otherwise. */
  origin?: string;
  WebSocket?: typeof WebSocket;
};

const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;
const SAVED = 4;
const REFUSED = 5;

/**
 * Connects a document to the server through y-websocket's own provider. A change counts as saved
 * when the server has acknowledged the frame it went out in, or a sync answer sent after it.
 */
export function connectDraft({ docId, doc, origin, WebSocket: Base }: Settings): Draft {
  const saved = createStore<Saved>({ state: "connecting", pending: 0, at: null });
  /** For each counted frame of this socket: how many changes, and which clock, it brings up to. */
  let frames: { changes: number; clock: number }[] = [];
  let answered = false;
  let everSynced = false;
  let made = 0;
  let acknowledged = { changes: 0, clock: Y.getState(doc.store, doc.clientID) };

  class CountedSocket extends (Base ?? WebSocket) {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      frames = [];
      answered = false;
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (data instanceof Uint8Array && data[0] === SYNC) sending(data[1]);
      super.send(data);
    }
  }

  function sending(step: number | undefined): void {
    if (step === STEP_2) answered = true;
    else if (step !== UPDATE) return;
    // Before the sync answer, what was written offline is still to come: such a frame proves nothing.
    frames.push(
      answered
        ? { changes: made, clock: Y.getState(doc.store, doc.clientID) }
        : { changes: 0, clock: 0 },
    );
  }

  function publish(change: Partial<Saved> = {}): void {
    const now = { ...saved.get(), ...change, pending: made - acknowledged.changes };
    if (now.state !== "refused" && now.state !== "closed") {
      if (!everSynced) now.state = "connecting";
      else if (!provider.synced || cutOff()) now.state = "offline";
      else now.state = now.pending > 0 ? "saving" : "saved";
    }
    saved.set(now);
  }

  // Before the provider's own listener, which sends the change at once.
  const onUpdate = (_update: Uint8Array, from: unknown) => {
    if (from === provider) return;
    made++;
    publish();
  };
  doc.on("update", onUpdate);

  const address = (origin ?? window.location.origin).replace(/^http/, "ws");
  const provider = new WebsocketProvider(`${address}/collab`, docId, doc, {
    WebSocketPolyfill: CountedSocket,
    disableBc: true,
    connect: false,
    // Told why, by a close code, instead of a failed handshake that a browser can't read.
    params: { explain: "1" },
    // Not everybody at the same moment after a restart.
    maxBackoffTime: 2_000 + Math.random() * 2_000,
  });

  provider.messageHandlers[SAVED] = (_encoder, decoder) => {
    const frame = frames[decoding.readVarUint(decoder) - 1];
    if (frame && frame.changes >= acknowledged.changes) acknowledged = frame;
    publish({ at: new Date(), reason: undefined });
  };
  provider.messageHandlers[REFUSED] = (_encoder, decoder) => {
    const reason = decoding.readVarString(decoder);
    publish(reason === "notSaved" ? { reason } : { reason, state: "refused" });
  };
  provider.on("sync", () => {
    everSynced ||= provider.synced;
    publish();
  });
  provider.on("status", ({ status }) => {
    // A newer clock, or the others would take our return for an echo of our leaving.
    if (status === "connected")
      provider.awareness.setLocalState(provider.awareness.getLocalState());
    publish();
  });
  provider.on("closed", ({ code }) => {
    publish({ code, state: saved.get().state === "refused" ? "refused" : "closed" });
  });
  // The socket notices a lost network only after a while; the browser knows at once.
  const onNetwork = () => publish();
  if (typeof window !== "undefined") {
    window.addEventListener("online", onNetwork);
    window.addEventListener("offline", onNetwork);
  }
  provider.connect();

  return {
    provider,
    saved,
    unsavedWords: () => wordsSince(doc, acknowledged.clock),
    destroy() {
      doc.off("update", onUpdate);
      if (typeof window !== "undefined") {
        window.removeEventListener("online", onNetwork);
        window.removeEventListener("offline", onNetwork);
      }
      provider.destroy();
    },
  };
}

function cutOff(): boolean {
  return typeof navigator !== "undefined" && navigator.onLine === false;
}

/** What this copy wrote from a clock on and still holds, block by block in reading order. */
function wordsSince(doc: Y.Doc, clock: number): string[] {
  const found: string[] = [];
  for (const text of doc
    .getXmlFragment(FRAGMENT)
    .createTreeWalker((node) => node instanceof Y.XmlText)) {
    let words = "";
    for (let item = (text as Y.XmlText)._start; item; item = item.right) {
      if (item.deleted || item.id.client !== doc.clientID) continue;
      if (!(item.content instanceof Y.ContentString)) continue;
      words += item.content.str.slice(Math.max(0, clock - item.id.clock));
    }
    if (words.trim()) found.push(words);
  }
  return found;
}

/** Asks before the page is left while something isn't saved. Returns how to stop asking. */
export function askBeforeLeaving(saved: Draft["saved"]): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (saved.get().pending > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
