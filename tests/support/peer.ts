import * as decoding from "lib0/decoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { MESSAGE, SYNC, step1Frame, step2Frame, updateFrame } from "#server/collab/protocol.ts";
import { type Name, ORIGIN } from "./collab.ts";

/**
 * A lean client that speaks the protocol, comes back whenever it is cut off, and knows which of its
 * own changes were acknowledged.
 */
export class Peer {
  readonly doc = new Y.Doc();
  /** Each change made here, in order, and how many of them the server has acknowledged. */
  readonly made: Uint8Array[] = [];
  acknowledged = 0;
  /** Whether this connection has brought the server's state. */
  synced = false;
  /** Why a change was refused, were it ever. */
  refused: string | null = null;
  /** How often the database was said to take nothing. */
  notSaved = 0;
  /** How often connections broke, and the last one's close code. */
  breaks = 0;
  code = 0;

  readonly #docId: string;
  #url: string;
  readonly #person: Name;
  #ws: WebSocket | null = null;
  #again: NodeJS.Timeout | null = null;
  #ended = false;
  /** For each counted frame of this connection, how many changes it brings up to. */
  #frames: number[] = [];
  #answered = false;

  constructor(url: string, docId: string, person: Name, clientId?: number) {
    this.#url = url;
    this.#docId = docId;
    this.#person = person;
    if (clientId !== undefined) this.doc.clientID = clientId;
    this.doc.on("update", (update: Uint8Array, from: unknown) => {
      // Yjs tidies formatting by itself: what a reader's copy does of that stays there.
      if (from === this || person === "fay") return;
      this.made.push(update);
      // Before the first answer there is nothing to send: the answer will hold it.
      if (this.#answered) this.#write(updateFrame(update));
    });
    this.#connect();
  }

  get fragment(): Y.XmlFragment {
    return this.doc.getXmlFragment(FRAGMENT);
  }

  /** True when it is connected, has everything and everything of its own is acknowledged. */
  get settled(): boolean {
    return this.synced && this.acknowledged === this.made.length;
  }

  /** How it is doing, for an error. */
  get state(): string {
    const { synced, acknowledged, made, breaks, code, refused } = this;
    const counts = `${acknowledged} of ${made.length} saved, ${breaks} breaks, last ${code}`;
    return `${synced ? "synced" : "not synced"}, ${this.#answered ? "answered" : "not answered"}, ${counts}, ${refused}`;
  }

  /** What the server has said is saved, as one update; null when nothing is. */
  get saved(): Uint8Array | null {
    return this.acknowledged > 0 ? Y.mergeUpdates(this.made.slice(0, this.acknowledged)) : null;
  }

  /** Resolves when the server has read everything sent so far. */
  async heard(): Promise<void> {
    this.#ws?.ping();
    await new Promise((resolve) => this.#ws?.once("pong", resolve));
  }

  /** Loses the connection, and finds none until `resume`. */
  pause(): void {
    this.end();
    this.synced = false;
    this.#answered = false;
  }

  /** Finds a connection again, maybe to a server that was started anew. */
  resume(url = this.#url): void {
    this.#url = url;
    this.#ended = false;
    this.#connect();
  }

  /** Goes for good, with its copy: what wasn't acknowledged may be lost now. */
  end(): void {
    this.#ended = true;
    if (this.#again) clearTimeout(this.#again);
    this.#ws?.terminate();
  }

  #connect(): void {
    this.#frames = [];
    this.#answered = false;
    this.synced = false;
    const ws = new WebSocket(`${this.#url}/${this.#docId}`, {
      origin: ORIGIN,
      headers: { cookie: `person=${this.#person}` },
    });
    this.#ws = ws;
    ws.on("open", () => ws.send(step1Frame(Y.encodeStateVector(this.doc))));
    ws.on("message", (data: Buffer) => this.#read(data));
    ws.on("error", () => {});
    ws.on("close", (code) => {
      if (this.#ended) return;
      this.code = code;
      this.breaks++;
      this.synced = false;
      this.#answered = false;
      this.#again = setTimeout(() => this.#connect(), 5 + Math.random() * 20);
    });
  }

  #read(data: Buffer): void {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE.saved) {
      const upTo = this.#frames[decoding.readVarUint(decoder) - 1] ?? 0;
      this.acknowledged = Math.max(this.acknowledged, upTo);
    } else if (type === MESSAGE.refused) {
      const reason = decoding.readVarString(decoder);
      if (reason === "notSaved") this.notSaved++;
      else this.refused = reason;
    } else if (type === MESSAGE.sync) {
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === SYNC.step1) {
        this.#answered = true;
        this.#write(step2Frame(Y.encodeStateAsUpdate(this.doc, bytes)));
      } else {
        Y.applyUpdate(this.doc, bytes, this);
        if (step === SYNC.step2) this.synced = true;
      }
    }
  }

  #write(frame: Uint8Array): void {
    if (this.#ws?.readyState !== WebSocket.OPEN) return;
    this.#frames.push(this.made.length);
    this.#ws.send(frame);
  }
}

/** Whether a document lacks anything that this peer was told is saved. */
export function lacks(doc: Y.Doc, { saved }: Peer): boolean {
  if (!saved) return false;
  let changed = false;
  const note = () => {
    changed = true;
  };
  doc.on("update", note);
  Y.applyUpdate(doc, saved);
  doc.off("update", note);
  return changed || doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
}
