import { connect, type Socket } from "node:net";

/** All sockets of this process read into the same buffer: what isn't used at once is copied. */
const shared = Buffer.allocUnsafe(256 * 1024);
const MASK = [0x5a, 0xc3, 0x17, 0x8e] as const;
const PING = 9;
const CLOSE = 8;

/** A whole frame: the message stands in `data` from `from` up to `to`, only during the call. */
export type OnFrame = (data: Buffer, from: number, to: number) => void;

/**
 * A WebSocket client that costs as little as Node allows: a bare TCP socket, the handshake by hand,
 * one shared read buffer, no events and no copies for frames that arrive whole.
 */
export class RawSocket {
  frames = 0;
  bytes = 0;
  /** The close code, 1006 when there was none; 0 while open. */
  code = 0;
  onFrame: OnFrame;
  onClose: (code: number) => void = () => {};

  readonly #socket: Socket;
  #upgraded = false;
  #opened: (error?: Error) => void = () => {};
  readonly open: Promise<void>;
  /** The beginning of a frame whose rest is still to come. */
  #kept: Buffer | null = null;
  #filled = 0;
  #wanted = 0;
  #lazy = false;

  constructor(port: number, path: string, headers: Record<string, string>, onFrame: OnFrame) {
    this.onFrame = onFrame;
    this.open = new Promise((resolve, reject) => {
      this.#opened = (error) => (error ? reject(error) : resolve());
    });
    this.open.catch(() => {});
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (length) => {
          this.#read(length);
          // A full buffer has more behind it.
          if (this.#lazy && length < shared.length) this.#socket.pause();
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => this.#opened(error));
    this.#socket.on("close", () => {
      this.code ||= 1006;
      this.#opened(new Error(`The server closed ${path} (${this.code})`));
      this.onClose(this.code);
    });
    const lines = Object.entries({
      Host: `127.0.0.1:${port}`,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  }

  /** Sends one binary message; returns whether the kernel took it at once. */
  send(message: Uint8Array): boolean {
    return this.#socket.write(frame(2, message));
  }

  /** From now on reads only when told to: until then what comes waits in the kernel. */
  readRarely(): void {
    this.#lazy = true;
    this.#socket.pause();
  }

  readNow(): void {
    this.#socket.resume();
  }

  /** Reads whatever comes when it comes, as in the beginning. */
  readAlways(): void {
    this.#lazy = false;
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(length: number): void {
    this.bytes += length;
    if (!this.#kept) {
      const rest = this.#take(shared, 0, length);
      if (rest < length) this.#keep(shared, rest, length);
      return;
    }
    if (this.#kept.length < this.#filled + length) {
      const larger = Math.max(this.#wanted, 2 * (this.#filled + length));
      const kept = Buffer.allocUnsafe(larger);
      this.#kept.copy(kept, 0, 0, this.#filled);
      this.#kept = kept;
    }
    shared.copy(this.#kept, this.#filled, 0, length);
    this.#filled += length;
    if (this.#filled < this.#wanted) return;
    const kept = this.#kept;
    const rest = this.#take(kept, 0, this.#filled);
    this.#kept = null;
    if (rest < this.#filled) this.#keep(kept, rest, this.#filled);
  }

  #keep(data: Buffer, from: number, to: number): void {
    this.#filled = to - from;
    this.#kept = Buffer.allocUnsafe(Math.max(this.#wanted, this.#filled));
    data.copy(this.#kept, 0, from, to);
  }

  /** Reads all whole frames; returns where the first incomplete one begins. */
  #take(data: Buffer, from: number, to: number): number {
    let at = from;
    if (!this.#upgraded) {
      const head = data.subarray(at, to).indexOf("\r\n\r\n");
      this.#wanted = 0;
      if (head < 0) return at;
      const status = data.toString("latin1", at + 9, at + 12);
      if (status !== "101") {
        this.#opened(new Error(`The handshake was answered with ${status}`));
        this.destroy();
        return to;
      }
      this.#upgraded = true;
      this.#opened();
      at += head + 4;
    }
    while (at < to) {
      const available = to - at;
      let header = 2;
      let length = (data[at + 1] ?? 0) & 127;
      if (length === 126) header = 4;
      else if (length === 127) header = 10;
      if (available < header) {
        this.#wanted = header;
        return at;
      }
      if (header === 4) length = data.readUInt16BE(at + 2);
      else if (header === 10) length = data.readUInt32BE(at + 6);
      if (available < header + length) {
        this.#wanted = header + length;
        return at;
      }
      const opcode = (data[at] ?? 0) & 15;
      const start = at + header;
      at = start + length;
      if (opcode === 2) {
        this.frames++;
        this.onFrame(data, start, at);
      } else if (opcode === PING) {
        this.#socket.write(frame(10, data.subarray(start, at)));
      } else if (opcode === CLOSE) {
        this.code = length >= 2 ? data.readUInt16BE(start) : 1005;
        this.destroy();
        return to;
      }
    }
    return at;
  }
}

/** A whole frame from a client: those are masked. */
function frame(opcode: number, message: Uint8Array): Buffer {
  const { length } = message;
  const header = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const out = Buffer.allocUnsafe(header + length);
  out[0] = 0x80 | opcode;
  if (header === 6) out[1] = 0x80 | length;
  else if (header === 8) {
    out[1] = 0x80 | 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 0x80 | 127;
    out.writeUInt32BE(0, 2);
    out.writeUInt32BE(length, 6);
  }
  for (let k = 0; k < 4; k++) out[header - 4 + k] = MASK[k] ?? 0;
  for (let k = 0; k < length; k++) out[header + k] = (message[k] ?? 0) ^ (MASK[k & 3] ?? 0);
  return out;
}
