import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { textblocks } from "#app/document/read.ts";
import { FRAGMENT } from "#app/document/schema.ts";
import { NotFound } from "#app/errors.ts";
import { createCollab } from "#server/collab/collab.ts";
import {
  append,
  join,
  quiet,
  type Seeded,
  seedDocument,
  serveCollab,
  until,
} from "../support/collab.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";

const words = (view: { json: Parameters<typeof textblocks>[0] }) =>
  textblocks(view.json).map(({ text }) => text);

describe.each(DATABASES)("The server's own edits on $name", ({ open }) => {
  let database: TestDatabase;
  let seeded: Seeded;
  let server: Awaited<ReturnType<typeof serveCollab>>;

  beforeEach(async () => {
    database = await open();
    seeded = await seedDocument(database.db);
    server = await serveCollab(database.db, seeded.people);
  });
  afterEach(async () => {
    await server.close();
    await database.close();
  });

  const by = () => ({ personId: seeded.people.ana.personId, via: "decision" });

  it("reads what was committed, and reading writes nothing", async () => {
    const view = await server.collab.read(seeded.docId);
    expect(words(view)).toEqual([
      "Time and distance",
      "Slow down when nobody is in danger.",
      "Say who you are and why you came.",
    ]);
    expect(await server.collab.read(seeded.docId)).toBe(view);
    expect(await database.db.selectFrom("doc_updates").selectAll().execute()).toEqual([]);
  });

  it("refuses to read or edit what doesn't exist", async () => {
    await expect(server.collab.read("nothing")).rejects.toThrow(NotFound);
    await expect(server.collab.edit("nothing", by(), () => {})).rejects.toThrow(NotFound);
    expect(server.collab.count().rooms).toBe(0);
  });

  it("writes with no room open, in one transaction with what the caller commits", async () => {
    let committed: number | null = null;
    const result = await server.collab.edit(
      seeded.docId,
      by(),
      (doc) => {
        append(doc, " Always.", 1);
        return "done";
      },
      async (trx, result, seq) => {
        expect(result).toBe("done");
        const row = await trx.selectFrom("doc_updates").selectAll().executeTakeFirstOrThrow();
        expect(row).toMatchObject({ seq, author_id: by().personId, origin: "decision" });
        committed = seq;
      },
    );
    expect(result).toBe("done");
    const view = await server.collab.read(seeded.docId);
    expect(view.seq).toBe(committed);
    expect(words(view)[1]).toBe("Slow down when nobody is in danger. Always.");
    await until(() => server.collab.count().rooms === 0);
    const runs = await database.db.selectFrom("doc_runs").selectAll().execute();
    expect(runs).toMatchObject([{ author_id: by().personId, via: "decision", from_clock: 0 }]);
  });

  it("gives every reader a copy that later edits leave alone", async () => {
    const view = await server.collab.read(seeded.docId);
    await server.collab.edit(seeded.docId, by(), (doc) => append(doc, " More.", 1));
    expect(view.doc.getXmlFragment(FRAGMENT).toString()).not.toContain("More.");
    const newer = await server.collab.read(seeded.docId);
    expect(newer.doc.getXmlFragment(FRAGMENT).toString()).toContain("More.");
  });

  it("changes nothing when the change or the commit throws, or the result is no valid text", async () => {
    const writer = await join(server, seeded.docId, "ana");
    const before = writer.fragment.toString();
    const fail = async () => {
      throw new Error("No.");
    };
    const change = (doc: Y.Doc) => append(doc, " Lost.");
    await expect(server.collab.edit(seeded.docId, by(), change, fail)).rejects.toThrow("No.");
    await expect(
      server.collab.edit(seeded.docId, by(), (doc) => {
        change(doc);
        throw new Error("Not even.");
      }),
    ).rejects.toThrow("Not even.");
    await expect(
      server.collab.edit(seeded.docId, by(), (doc) =>
        doc.getXmlFragment(FRAGMENT).push([new Y.XmlElement("listItem")]),
      ),
    ).rejects.toThrow("invalid document");
    await server.collab.edit(seeded.docId, by(), (doc) => append(doc, " Kept."));
    await until(() => writer.fragment.toString().includes("Kept."));
    expect(writer.fragment.toString()).toBe(before.replace("distance", "distance Kept."));
    expect(await database.db.selectFrom("doc_updates").select("seq").execute()).toHaveLength(1);
    writer.provider.destroy();
  });

  it("runs the commit without a sequence number when nothing was written", async () => {
    const seen: (number | null)[] = [];
    await server.collab.edit(
      seeded.docId,
      by(),
      () => {},
      async (_trx, _result, seq) => {
        seen.push(seq);
      },
    );
    expect(seen).toEqual([null]);
  });

  it("runs edits of one document one after another", async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        server.collab.edit(seeded.docId, by(), (doc) => append(doc, ` ${n}`)),
      ),
    );
    expect(words(await server.collab.read(seeded.docId))[0]).toBe(
      "Time and distance 0 1 2 3 4 5 6 7 8 9",
    );
  });

  it("reaches everybody who has it open, and leaves their typing alone", async () => {
    const ana = await join(server, seeded.docId, "ana");
    const ben = await join(server, seeded.docId, "ben");
    for (let n = 0; n < 20; n++) {
      append(ana.doc, String(n % 10), 1);
      append(ben.doc, String(n % 10), 2);
      if (n % 5 === 0) await server.collab.edit(seeded.docId, by(), (doc) => append(doc, "!"));
    }
    const done = (xml: string) =>
      xml.includes("distance!!!!") && xml.match(/01234567890123456789/g)?.length === 2;
    await until(() => done(ana.fragment.toString()) && done(ben.fragment.toString()));
    expect(ana.fragment.toString()).toBe(ben.fragment.toString());
    ana.provider.destroy();
    ben.provider.destroy();
  });

  it("keeps everything over a restart, merged into one state", async () => {
    await server.collab.edit(seeded.docId, by(), (doc) => append(doc, " again"));
    const before = await server.collab.read(seeded.docId);
    await server.collab.close();
    expect(await database.db.selectFrom("doc_updates").selectAll().execute()).toEqual([]);
    const next = createCollab({ db: database.db, clock: () => new Date(), log: quiet });
    const after = await next.read(seeded.docId);
    expect(after.json).toEqual(before.json);
    expect(after.seq).toBe(before.seq);
    await next.close();
  });
});
