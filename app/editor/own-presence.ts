import * as encoding from "lib0/encoding";
import { encodeAwarenessUpdate } from "y-protocols/awareness";
import type { WebsocketProvider } from "y-websocket";

const PRESENCE = 1;
/** In milliseconds: ten caret moves a second look smooth. */
const EVERY = 100;

type Changes = { added: number[]; updated: number[]; removed: number[] };

/**
 * Sends where this page's caret is, and nobody else's: y-websocket's own listener, which this one
 * replaces, sends back all it hears. The newest state goes out, at once or with the next tenth of a
 * second. Returns how to stop.
 */
export function sendOwnPresence(provider: WebsocketProvider): () => void {
  const { awareness } = provider;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let moved = false;

  function send(): void {
    moved = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (moved) send();
    }, EVERY);
    const { ws } = provider;
    // Before the socket is open, nothing: the provider says where we are when it opens.
    if (!provider.wsconnected || ws?.readyState !== ws?.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, PRESENCE);
    encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
    ws?.send(encoding.toUint8Array(encoder));
  }

  function onUpdate({ added, updated, removed }: Changes): void {
    if (![...added, ...updated, ...removed].includes(awareness.clientID)) return;
    moved = true;
    if (timer === undefined) send();
  }

  awareness.off("update", provider._awarenessUpdateHandler);
  awareness.on("update", onUpdate);
  return () => {
    clearTimeout(timer);
    awareness.off("update", onUpdate);
  };
}
