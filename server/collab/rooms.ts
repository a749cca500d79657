import { NotFound } from "#app/errors.ts";
import type { SocketRole } from "./authorize.ts";
import { load } from "./log.ts";
import { type House, Room } from "./room.ts";

/** A room, how many use it, and when it goes. */
type Slot = { room: Promise<Room>; users: number; timer: NodeJS.Timeout | null };

/** The rooms that are in memory: opened for the first who asks, let go some time after the last. */
export class Rooms {
  readonly #house: House;
  readonly #linger: number;
  readonly #slots = new Map<string, Slot>();

  constructor(house: House, linger: number) {
    this.#house = house;
    this.#linger = linger;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Opens a room or finds it open, and keeps it until `leave`. Throws NotFound. */
  async enter(docId: string, role: SocketRole): Promise<Room> {
    let slot = this.#slots.get(docId);
    if (!slot) {
      slot = { room: this.#open(docId), users: 0, timer: null };
      this.#slots.set(docId, slot);
    }
    slot.users++;
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = null;
    let room: Room;
    try {
      room = await slot.room;
    } catch (error) {
      if (this.#slots.get(docId) === slot) this.#slots.delete(docId);
      throw error;
    }
    try {
      if (role === "write") await room.readyToWrite();
      return room;
    } catch (error) {
      this.leave(docId);
      throw error;
    }
  }

  leave(docId: string): void {
    const slot = this.#slots.get(docId);
    if (!slot || --slot.users > 0) return;
    slot.timer = setTimeout(() => void this.#unload(docId, slot), this.#linger);
    slot.timer.unref();
  }

  /** Runs `work` with a room that stays open meanwhile. */
  async within<T>(
    docId: string,
    role: SocketRole,
    work: (room: Room) => T | Promise<T>,
  ): Promise<T> {
    const room = await this.enter(docId, role);
    try {
      return await work(room);
    } finally {
      this.leave(docId);
    }
  }

  /** Asks a room if it is open; nothing is to be had from one that isn't. */
  async peek<T>(docId: string, ask: (room: Room) => T[]): Promise<T[]> {
    const room = await this.#slots.get(docId)?.room;
    return room ? ask(room) : [];
  }

  /** Lets rooms go of what they haven't needed for a while. */
  rest(): void {
    for (const { room } of this.#slots.values())
      void room.then(
        (open) => open.rest(),
        () => {},
      );
  }

  async #open(docId: string): Promise<Room> {
    const logged = await load(this.#house.db, docId);
    if (!logged) throw new NotFound();
    return new Room(docId, logged, this.#house);
  }

  /** Lets go of a room nobody uses, once everything in it is written. */
  async #unload(docId: string, slot: Slot): Promise<void> {
    const room = await slot.room;
    await room.drained();
    await room.compact();
    // Somebody may have come in the meantime.
    if (slot.users > 0 || this.#slots.get(docId) !== slot) return;
    this.#slots.delete(docId);
    room.destroy();
  }

  /** Writes everything down and lets go of all rooms. */
  async close(): Promise<void> {
    for (const [docId, slot] of this.#slots) {
      if (slot.timer) clearTimeout(slot.timer);
      const room = await slot.room.catch(() => null);
      await room?.drained();
      await room?.compact();
      this.#slots.delete(docId);
      room?.destroy();
    }
  }
}
