import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { waitBefore } from "./come-back.ts";
import { createKeeper } from "./keeper.ts";
import { sendOwnPresence } from "./own-presence.ts";
import { createRescue, type Left, RESTORING, type Rescue } from "./rescue.ts";
import type { Shelf } from "./shelf.ts";
import { createStore, type Store } from "./store.ts";
import { type Since, wordsDeletedBy, wordsSince } from "./words.ts";

/** What becomes of the words: true at every moment, so that nobody has to guess. */
export type Saved = {
  /**
   * `connecting` until the first exchange; `saved` only when the server has committed all of it;
   * `reading` while it takes nothing from here, as from a copy that is frozen;
   * `refused` and `closed` are final: this page writes nothing any more.
   */
  state: "connecting" | "saved" | "saving" | "offline" | "reading" | "refused" | "closed";
  /** Changes made here that the server hasn't acknowledged. */
  pending: number;
  /** How many of them are written down on this device; null while it can't keep any. */
  kept: number | null;
  /** When something was last acknowledged. */
  at: Date | null;
  /** `notSaved` while the server can't write; else why a change was refused, or `held` back. */
  reason?: string;
  /** The close code: 4401 signed out, 4403 role lost, 4404 no such document, 4429 too fast. */
  code?: number;
};

export type Draft = {
  provider: WebsocketProvider;
  saved: Pick<Store<Saved>, "get" | "subscribe">;
  /** What came of edits that weren't saved when they were made. */
  rescue: Pick<Rescue, "rescued" | "forget" | "dismiss">;
  /** The words typed here that the server doesn't have, one string a block. */
  unsavedWords(): string[];
  /** Removes from this device what this page couldn't save. It stays on the screen. */
  forgetUnsaved(): void;
  destroy(): void;
};

type Settings = {
  docId: string;
  doc: Y.Doc;
  /** Who writes: the server takes nothing from this page once somebody else is signed in. */
  person?: string;
  /** Where edits are kept until they are saved; null for nowhere. */
  shelf?: Shelf | null;
  /** Where the server is; the page's own address unless a test says otherwise. */
  origin?: string;
  WebSocket?: typeof WebSocket;
};

const SYNC = 0;
const STEP_2 = 1;
const UPDATE = 2;
const SAVED = 4;
const REFUSED = 5;
const RESCUED = 6;
const ROLE = 7;

/** Close codes after which it makes no sense to come back, as y-websocket has them. */
const isFinal = (code: number) => code >= 4400 && code < 4500;
/** The server couldn't take what it was sent; the other codes say nothing about the words. */
const CLOSED_AS_REFUSED = 4400;

/**
 * Connects a document to the server through y-websocket's own provider. A change counts as saved
 * when the server has acknowledged the frame it went out in, or a sync answer sent after it; until
 * then it is kept on the shelf, where the next page of this person finds it.
 */
export function connectDraft(settings: Settings): Draft {
  const { docId, doc, person, shelf = null, origin, WebSocket: Base } = settings;
  const saved = createStore<Saved>({ state: "connecting", pending: 0, kept: 0, at: null });
  const keeper = createKeeper(shelf, () => publish());
  const rescue = createRescue(doc, shelf);
  const left: Promise<Left[]> = shelf?.all().catch(() => []) ?? Promise.resolve([]);
  /** For each counted frame of this socket: how many changes, and which clock, it brings up to. */
  let frames: { changes: number; clock: number }[] = [];
  let answered = false;
  let everSynced = false;
  let made = 0;
  let acknowledged = { changes: 0, clock: Y.getState(doc.store, doc.clientID) };
  /** Until which change, and from which clocks on, what was brought back isn't saved again. */
  let restored: { change: number; since: Since } | null = null;
  let givenUp = false;
  let reads = false;
  let returning: ReturnType<typeof setTimeout> | undefined;

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

  const isOver = ({ state } = saved.get()) => state === "refused" || state === "closed";

  function publish(change: Partial<Saved> = {}): void {
    const pending = made - acknowledged.changes;
    const now = { ...saved.get(), ...change, pending, kept: keeper.count };
    if (!isOver(now)) {
      if (!everSynced) now.state = "connecting";
      else if (!provider.synced || cutOff()) now.state = "offline";
      else if (reads) now.state = "reading";
      else now.state = pending > 0 ? "saving" : "saved";
    }
    saved.set(now);
  }

  const unsaved = () => new Map(restored?.since).set(doc.clientID, acknowledged.clock);
  const unsavedWords = () => wordsSince(doc, unsaved());

  // Before the provider's own listener, which sends the change at once.
  const onUpdate = (update: Uint8Array, from: unknown) => {
    if (from === provider) return;
    made++;
    if (givenUp) giveUp();
    else if (from !== RESTORING) keeper.keep(made, { edit: update });
    publish();
  };
  /** Unsaved words are known to nobody else: they can only go down with the passage around them. */
  const onTransaction = (transaction: Y.Transaction) => {
    if (transaction.origin !== provider) return;
    const words = wordsDeletedBy(transaction, unsaved());
    rescue.lose({ why: "removed", words }).catch(() => {});
  };
  doc.on("update", onUpdate);
  doc.on("afterTransaction", onTransaction);

  /**
   * After a refusal the edits would be refused each time: from now on only their words are kept. What
   * is held back the server has.
   */
  function giveUp(): void {
    givenUp = true;
    const words = saved.get().reason === "held" ? [] : unsavedWords();
    if (words.length > 0) keeper.replace(made, { lost: { why: "refused", words } });
    else keeper.clear();
  }

  function bringBack(kept: readonly Left[]): void {
    const back = rescue.bringBack(kept);
    if (!back) return;
    restored = { change: made, since: back.since };
    keeper.adopt(made, back.keys);
    publish();
  }

  const address = (origin ?? window.location.origin).replace(/^http/, "ws");
  const provider = new WebsocketProvider(`${address}/collab`, docId, doc, {
    WebSocketPolyfill: CountedSocket,
    disableBc: true,
    connect: false,
    // `explain`: told why, by a close code, instead of a failed handshake that a browser can't read.
    params: { explain: "1", ...(person && { person }) },
    // It would wait as long as everybody else: we come back by ourselves.
    shouldReconnect: () => false,
  });
  const stopPresence = sendOwnPresence(provider);

  function comeBack(attempt: number): void {
    clearTimeout(returning);
    returning = setTimeout(() => provider.connect(), waitBefore(attempt));
  }

  provider.messageHandlers[SAVED] = (_encoder, decoder) => {
    const frame = frames[decoding.readVarUint(decoder) - 1];
    if (frame && frame.changes >= acknowledged.changes) acknowledged = frame;
    if (restored && acknowledged.changes >= restored.change) restored = null;
    keeper.saved(acknowledged.changes, acknowledged.changes === made);
    publish({ at: new Date(), reason: undefined });
  };
  provider.messageHandlers[REFUSED] = (_encoder, decoder) => {
    const reason = decoding.readVarString(decoder);
    publish(reason === "notSaved" ? { reason } : { reason, state: "refused" });
  };
  provider.messageHandlers[RESCUED] = (_encoder, decoder) => {
    rescue.kept(decoding.readVarString(decoder), decoding.readVarString(decoder));
  };
  provider.messageHandlers[ROLE] = (_encoder, decoder) => {
    reads = decoding.readVarUint(decoder) === 0;
    publish();
  };
  provider.on("sync", () => {
    if (provider.synced && !everSynced) {
      everSynced = true;
      void left.then(bringBack);
    }
    publish();
  });
  provider.on("status", ({ status }) => {
    // A newer clock, or the others would take our return for an echo of our leaving.
    if (status === "connected")
      provider.awareness.setLocalState(provider.awareness.getLocalState());
    publish();
  });
  provider.on("closed", ({ code }) => {
    if (!isFinal(code)) {
      comeBack(provider.wsUnsuccessfulReconnects);
      return;
    }
    publish({ code, state: saved.get().state === "refused" ? "refused" : "closed" });
    if (code === CLOSED_AS_REFUSED && saved.get().pending > 0) giveUp();
  });
  // The socket notices a lost network only after a while; the browser knows at once.
  const onNetwork = () => {
    publish();
    if (cutOff() || isOver()) return;
    provider.disconnect();
    comeBack(1);
  };
  if (typeof window !== "undefined") {
    window.addEventListener("online", onNetwork);
    window.addEventListener("offline", onNetwork);
  }
  provider.connect();

  return {
    provider,
    saved,
    rescue,
    unsavedWords,
    forgetUnsaved() {
      keeper.clear();
      publish();
    },
    destroy() {
      clearTimeout(returning);
      stopPresence();
      doc.off("update", onUpdate);
      doc.off("afterTransaction", onTransaction);
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

/** Asks before the page is left while something isn't saved. Returns how to stop asking. */
export function askBeforeLeaving(saved: Draft["saved"]): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (saved.get().pending > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
