import { initProseMirrorDoc } from "@tiptap/y-tiptap";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import { check } from "#app/document/validate.ts";
import { editing, STRUCTURE, WORDS } from "../document/editing.ts";
import { random, randomDocument, SEED } from "../document/random.ts";
import { join, seedDocument, serveCollab, until } from "../support/collab.ts";
import { seedWorkshop } from "../support/copies.ts";
import { DATABASES } from "../support/databases.ts";
import { Peer } from "../support/peer.ts";

const RUNS = Number(process.env.RUNS ?? 8);
const STEPS = [...Object.values(STRUCTURE), ...Object.values(WORDS)];

/**
 * Properties 9 and 11 of the change engine, over real sockets: every client's copy fits the schema,
 * opening writes nothing, and after a restart JSON, Yjs state and who wrote what agree.
 */
it.each(DATABASES)(
  `After a restart a copy says the same in every way, on $name (seed ${SEED})`,
  { timeout: 180_000 },
  async ({ open }) => {
    const r = random(SEED);
    const database = await open();
    const seeded = await seedDocument(database.db);
    // Whose deletions nobody holds back: what is looked at here is what becomes of any edit.
    const members = { ana: "write", ben: "write" } as const;
    const rows = async (docId: string) =>
      (
        await database.db
          .selectFrom("doc_updates")
          .select("seq")
          .where("doc_id", "=", docId)
          .execute()
      ).length;
    for (let run = 0; run < RUNS; run++) {
      const at = `seed ${SEED}, run ${run}`;
      let server = await serveCollab(database.db, seeded.people);
      const copy = await seedWorkshop(database.db, seeded, members, randomDocument(r));
      const peers = (["ana", "ben", "ana", "ben"] as const).map(
        (name) => new Peer(server.url, copy, name),
      );
      for (const peer of peers) await until(() => peer.synced);
      expect(await rows(copy), `${at}: opening`).toBe(0);
      for (let n = 0; n < 30; n++) {
        const { doc } = r.pick(peers);
        try {
          doc.transact(() => editing(doc).edit((tr) => r.pick(STEPS)(tr, r, () => `w${n}`)));
        } catch {
          // Not every step fits every document.
        }
        if (r.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, r.int(0, 10)));
      }
      for (const peer of peers) await until(() => peer.settled, `${at}: ${peer.state}`);
      await until(() => peers.every(({ doc }) => same(doc, peers[0]?.doc)), `${at}: one text`);
      const before = await server.collab.read(copy);
      expect(before.json, at).toEqual(readDoc(peers[0]?.doc as Y.Doc));
      for (const peer of peers) {
        expect(check(readDoc(peer.doc)), `${at}: valid`).toBeNull();
        expect(peer.refused, at).toBeNull();
        peer.end();
      }
      await server.close();

      server = await serveCollab(database.db, seeded.people);
      const after = await server.collab.read(copy);
      expect(after.seq, at).toBe(before.seq);
      expect(after.json, at).toEqual(before.json);
      expect(readDoc(after.doc), at).toEqual(after.json);
      await expectRuns(after.doc, copy, at);
      const fay = await join(server, copy, "fay");
      // As an editor does that shows it.
      initProseMirrorDoc(fay.fragment, schema());
      expect(readDoc(fay.doc), at).toEqual(after.json);
      fay.provider.destroy();
      await server.close();
      expect(await rows(copy), `${at}: opening again`).toBe(0);
    }
    await database.close();

    /** Each clock that was written since has one run, and nobody has any beyond. */
    async function expectRuns(doc: Y.Doc, copy: string, at: string) {
      const state = Y.decodeStateVector(Y.encodeStateVector(doc));
      const runs = await database.db
        .selectFrom("doc_runs")
        .selectAll()
        .where("doc_id", "=", copy)
        .orderBy("client")
        .orderBy("from_clock")
        .execute();
      const ends = new Map<number, number>();
      for (const { client, from_clock, to_clock, writer_id } of runs) {
        expect(from_clock, at).toBe(ends.get(Number(client)) ?? 0);
        ends.set(Number(client), to_clock);
        expect(Object.values(seeded.personIds), at).toContain(writer_id);
      }
      for (const [client, end] of ends) expect(state.get(client), at).toBe(end);
      // The rest is what the copy began with: one client, the server's own.
      expect(state.size - ends.size, at).toBe(1);
    }
  },
);

const textOf = (doc: Y.Doc | undefined) => doc?.getXmlFragment(FRAGMENT).toString();
const same = (a: Y.Doc, b: Y.Doc | undefined) => textOf(a) === textOf(b);
