import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { admit, Shadow } from "#app/document/guard.ts";
import { CLOSE, MESSAGE, SYNC } from "#server/collab/protocol.ts";
import { random, SEED } from "../document/random.ts";
import {
  append,
  join,
  rawSocket,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
  updateBy,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import {
  block,
  body,
  element,
  HOSTILE,
  inside,
  MALFORMED,
  nested,
  set,
  words,
} from "../support/hostile.ts";
import { Peer } from "../support/peer.ts";

async function start() {
  const database = await DATABASES[0].open();
  const seeded = await seedDocument(database.db);
  const server = await serveCollab(database.db, seeded.people);
  const { doc } = await server.collab.read(seeded.docId);
  return { database, server, doc };
}

describe("What a client sends", () => {
  let base: Y.Doc;
  const fresh = () => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
    return new Shadow(copy);
  };
  const admitTo = (shadow: Shadow, update: Uint8Array, owner?: string | null) =>
    admit(shadow, update, { author: "ana", ownerOf: () => owner });

  beforeAll(async () => {
    const { database, server, doc } = await start();
    base = doc;
    await server.close();
    await database.close();
  });

  it("is taken when an editor could have written it, and only what is new is kept", () => {
    const honest: ((doc: Y.Doc) => void)[] = [
      (doc) => append(doc, " more"),
      (doc) => body(doc).push([element("paragraph")]),
      (doc) => body(doc).push([nested(38)]),
      (doc) => set(block(doc, 0), "level", 3),
      (doc) => inside(doc, 1).format(0, 4, { bold: {}, link: { href: "https://example.org" } }),
      (doc) => inside(doc, 1).delete(0, 4),
      (doc) => body(doc).delete(1, 1),
      (doc) => body(doc).delete(0, body(doc).length),
    ];
    for (const write of honest) {
      const shadow = fresh();
      const update = updateBy(base, write);
      const verdict = admitTo(shadow, update);
      expect(verdict).toMatchObject({ ok: true });
      expect(verdict.ok && verdict.update).toBeInstanceOf(Uint8Array);
      expect(admitTo(shadow, update)).toMatchObject({ ok: true, update: null, ranges: [] });
      const copy = fresh().doc;
      Y.applyUpdate(copy, (verdict.ok && verdict.update) as Uint8Array);
      expect(body(copy).toString()).toBe(body(shadow.doc).toString());
    }
  });

  it("is kept whole where taking it leaves formatting without words", () => {
    const shadow = fresh();
    const bold = updateBy(base, (doc) => inside(doc, 1).format(5, 4, { bold: {} }));
    const split = updateBy(base, (doc) => {
      inside(doc, 1).delete(0, 20);
      body(doc).insert(2, [element("paragraph", [words("moved elsewhere")])]);
    });
    expect(admitTo(shadow, bold).ok).toBe(true);
    // Yjs tidies the empty bold in a transaction of its own, after the one that the update was.
    const verdict = admitTo(shadow, split);
    expect(verdict).toMatchObject({ ok: true, ranges: [{ from: 0 }] });
    const copy = fresh().doc;
    Y.applyUpdate(copy, bold);
    Y.applyUpdate(copy, (verdict.ok && verdict.update) as Uint8Array);
    expect(body(copy).toString()).toContain("moved elsewhere");
    expect(body(copy).toString()).toBe(body(shadow.doc).toString());
  });

  it("says which clocks an update brought", () => {
    const update = updateBy(base, (doc) => append(doc, "four"));
    const [client] = Y.parseUpdateMeta(update).from.keys();
    expect(admitTo(fresh(), update)).toMatchObject({ ranges: [{ client, from: 0, to: 4 }] });
  });

  it.each(HOSTILE)("is refused when it holds %s", (_what, write, reason) => {
    const shadow = fresh();
    expect(admitTo(shadow, updateBy(base, write))).toMatchObject({ ok: false, reason });
  });

  it.each(MALFORMED)("is refused when it is %s, and nothing is touched", (_what, update) => {
    const shadow = fresh();
    expect(admitTo(shadow, update)).toEqual({ ok: false, reason: "malformed", spoiled: false });
    expect(Y.encodeStateAsUpdate(shadow.doc)).toEqual(Y.encodeStateAsUpdate(base));
  });

  it("is refused when it was cut short, wherever, and nothing is touched", () => {
    const shadow = fresh();
    const update = updateBy(base, (doc) => {
      append(doc, " one", 0);
      append(doc, " two", 1);
      body(doc).delete(2, 1);
    });
    for (let length = 0; length < update.length; length++) {
      const verdict = admitTo(shadow, update.subarray(0, length));
      expect(verdict, `${length} of ${update.length} bytes`).toMatchObject({
        ok: false,
        spoiled: false,
      });
    }
    expect(Y.encodeStateAsUpdate(shadow.doc)).toEqual(Y.encodeStateAsUpdate(base));
  });

  it("is refused when it builds on what we don't have", () => {
    const copy = fresh().doc;
    const updates: Uint8Array[] = [];
    copy.on("update", (update: Uint8Array) => updates.push(update));
    append(copy, "first");
    append(copy, "second");
    inside(copy, 0).delete(inside(copy, 0).length - 3, 3);
    const [first, ...later] = updates as [Uint8Array, ...Uint8Array[]];
    const shadow = fresh();
    for (const update of later) {
      expect(admitTo(shadow, update)).toEqual({ ok: false, reason: "missing", spoiled: false });
    }
    expect(admitTo(shadow, first).ok).toBe(true);
    for (const update of later) expect(admitTo(shadow, update, "ana").ok).toBe(true);
    expect(body(shadow.doc).toString()).toBe(body(copy).toString());
  });

  it("is refused under a client id that is somebody else's", () => {
    const shadow = fresh();
    const mine = updateBy(base, (doc) => append(doc, "mine"));
    expect(admitTo(fresh(), mine, "ana")).toMatchObject({ ok: true });
    expect(admitTo(shadow, mine, "ben")).toEqual({ ok: false, reason: "foreign", spoiled: false });
    expect(admitTo(shadow, mine, null)).toMatchObject({ ok: false, reason: "foreign" });
    // A client that wrote here before anybody kept count belongs to nobody.
    const old = updateBy(base, (doc) => {
      doc.clientID = [...base.store.clients.keys()][0] as number;
      append(doc, "forged");
    });
    expect(admitTo(shadow, old)).toMatchObject({ ok: false, reason: "foreign" });
  });

  it("is never read as code, and never stops the reader: garbage and damaged updates", () => {
    const r = random(SEED);
    let shadow = fresh();
    let admitted = 0;
    for (let run = 0; run < 1_500; run++) {
      const honest = updateBy(base, (doc) => {
        append(doc, "word ", r.int(0, 2));
        if (r.chance(0.3)) body(doc).push([nested(r.int(0, 3))]);
        if (r.chance(0.2)) inside(doc, 1).format(0, 4, { bold: {} });
      });
      const bytes = r.chance(0.3)
        ? Uint8Array.from({ length: r.int(0, 200) }, () => r.int(0, 255))
        : honest.slice();
      for (let flips = r.int(1, 4); flips > 0 && bytes.length > 0; flips--) {
        bytes[r.int(0, bytes.length - 1)] = r.int(0, 255);
      }
      const verdict = admitTo(shadow, bytes);
      if (!verdict.ok && verdict.spoiled) shadow = fresh();
      if (verdict.ok) admitted++;
      const after = fresh().doc;
      Y.applyUpdate(after, Y.encodeStateAsUpdate(shadow.doc));
      expect(after.store.pendingStructs, `seed ${SEED}, run ${run}`).toBeNull();
    }
    expect(admitted).toBeLessThan(1_500);
  });
});

describe("A hostile client", () => {
  let database: TestDatabase;
  let server: Awaited<ReturnType<typeof serveCollab>>;
  let seeded: Seeded;

  beforeAll(async () => {
    database = await DATABASES[0].open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    seeded = await seedDocument(database.db);
    server = await serveCollab(database.db, seeded.people);
    return () => server.close();
  });

  it("changes nothing, is told and closed, and an honest witness goes on writing", async () => {
    const witness = new Peer(server.url, seeded.docId, "ben");
    await until(() => witness.synced);
    const pending = updateBy(witness.doc, (doc) => append(doc, "never sent"));
    const builtOnIt = new Y.Doc();
    Y.applyUpdate(builtOnIt, Y.encodeStateAsUpdate(witness.doc));
    Y.applyUpdate(builtOnIt, pending);
    const writing = (write: (doc: Y.Doc) => void) => () => updateBy(witness.doc, write);
    const attacks: [string, () => Uint8Array, string][] = [
      ...HOSTILE.map(([what, write, reason]): [string, () => Uint8Array, string] => [
        what,
        writing(write),
        reason,
      ]),
      ...MALFORMED.map(([what, update]): [string, () => Uint8Array, string] => [
        what,
        () => update,
        "malformed",
      ]),
      [
        "words of the witness's own client",
        writing((doc) => {
          doc.clientID = witness.doc.clientID;
          append(doc, " forged");
        }),
        "foreign",
      ],
      [
        "words that build on words that never came",
        () => updateBy(builtOnIt, (doc) => append(doc, " later")),
        "missing",
      ],
    ];
    append(witness.doc, " still here");
    for (const [what, update, reason] of attacks) {
      const ana = await rawSocket(server, seeded.docId, "ana");
      // Past the first exchange, in which a client may be early.
      ana.sync(SYNC.step2, new Uint8Array([0, 0]));
      await until(() => ana.saved() === 1, `the exchange before ${what}`);
      ana.update(update());
      await until(() => ana.code !== 0, `the end after ${what}`);
      expect([what, ana.code]).toEqual([what, CLOSE.refused]);
      expect(ana.refusal()).toEqual({ type: MESSAGE.refused, reason, count: 2 });
      expect(ana.saved()).toBe(1);
      append(witness.doc, "!");
      await until(() => witness.settled, `the witness after ${what}`);
    }
    const ana = await join(server, seeded.docId, "ana");
    const expected = `distance still here${"!".repeat(attacks.length)}<`;
    expect(ana.fragment.toString()).toBe(witness.fragment.toString());
    expect(ana.fragment.toString()).toContain(expected);
    expect(witness.breaks).toBe(0);
    witness.end();
    ana.provider.destroy();
  });

  it("whose update is cut short, wherever, leaves nothing of it behind", async () => {
    const before = await server.collab.read(seeded.docId);
    const update = updateBy(before.doc, (doc) => {
      append(doc, " one", 0);
      append(doc, " two", 1);
      body(doc).delete(2, 1);
    });
    const cuts = Array.from({ length: update.length }, (_, length) => update.subarray(0, length));
    const codes = await Promise.all(
      cuts.map(async (cut) => {
        const ana = await rawSocket(server, seeded.docId, "ana");
        ana.update(cut);
        await until(() => ana.code !== 0);
        return ana.code;
      }),
    );
    expect(new Set(codes)).toEqual(new Set([CLOSE.refused]));
    const after = await server.collab.read(seeded.docId);
    expect([after.seq, after.json]).toEqual([before.seq, before.json]);
    const ana = await rawSocket(server, seeded.docId, "ana");
    ana.update(update);
    await until(() => ana.saved() === 1, "the whole update");
    ana.ws.terminate();
  });

  it("can't take a shadow's unfinished neighbours down with it", async () => {
    const ben = await join(server, seeded.docId, "ben");
    const ana = await rawSocket(server, seeded.docId, "ana");
    const base = ben.doc;
    append(ben.doc, " honest");
    ana.update(updateBy(base, (doc) => body(doc).push([element("script")])));
    append(ben.doc, " words");
    await until(() => ana.code !== 0);
    await until(() => server.collab.count().sockets === 1);
    await expect
      .poll(async () => JSON.stringify((await server.collab.read(seeded.docId)).json), {
        timeout: 10_000,
      })
      .toContain("Time and distance honest words");
    ben.provider.destroy();
  });

  it("is closed after a broken frame, and the process goes on", async () => {
    const frames: (string | Uint8Array)[] = [
      "text",
      new Uint8Array(),
      new Uint8Array([99]),
      new Uint8Array([0, 9, 0]),
      new Uint8Array([0, 2, 200, 1]),
      new Uint8Array([1, 5, 255, 255, 255, 255, 255]),
    ];
    for (const frame of frames) {
      const ana = await rawSocket(server, seeded.docId, "ana");
      ana.ws.send(frame);
      await until(() => ana.code !== 0);
      expect(ana.code).toBe(CLOSE.refused);
    }
    const big = await rawSocket(server, seeded.docId, "ana");
    big.ws.send(new Uint8Array(1024 * 1024 + 1));
    await until(() => big.code !== 0);
    expect(big.code).toBe(1009);
    const torn = await rawSocket(server, seeded.docId, "ana");
    const stream = (torn.ws as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
    stream.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    await until(() => torn.code !== 0);
    expect((await join(server, seeded.docId, "ana")).provider.synced).toBe(true);
  });

  it("is closed when it asks for the state over and over", async () => {
    const ana = await rawSocket(server, seeded.docId, "ana");
    for (let n = 0; n < 20; n++) ana.sync(SYNC.step1, new Uint8Array([0]));
    await until(() => ana.code !== 0);
    expect(ana.code).toBe(CLOSE.tooFast);
    expect(ana.frames.filter(({ step }) => step === SYNC.step2).length).toBeLessThanOrEqual(10);
  });
});
