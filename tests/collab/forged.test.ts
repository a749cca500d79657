import { expect, it } from "vitest";
import * as Y from "yjs";
import { SYNC } from "#server/collab/protocol.ts";
import {
  append,
  type Name,
  rawSocket,
  seedDocument,
  serveCollab,
  until,
  updateBy,
} from "../support/collab.ts";
import { DATABASES } from "../support/databases.ts";
import { Peer } from "../support/peer.ts";

it.each(DATABASES)(
  "A client id stays with whoever first wrote under it, also after a restart, on $name",
  async ({ open }) => {
    const database = await open();
    const { docId, people } = await seedDocument(database.db);
    let server = await serveCollab(database.db, people, { linger: 0 });
    const ana = new Peer(server.url, docId, "ana");
    await until(() => ana.synced);
    append(ana.doc, " Ana's own words");
    await until(() => ana.settled, "Ana's words");
    const forged = (as: number) =>
      updateBy(ana.doc, (doc) => {
        doc.clientID = as;
        append(doc, " never said");
      });
    const send = async (person: Name, update: Uint8Array) => {
      const raw = await rawSocket(server, docId, person);
      raw.sync(SYNC.step2, new Uint8Array([0, 0]));
      raw.update(update);
      await until(() => raw.code !== 0 || raw.saved() === 2, "an answer");
      raw.ws.terminate();
      return raw.refusal()?.reason ?? "saved";
    };

    const client = ana.doc.clientID;
    expect(await send("ben", forged(client))).toBe("foreign");
    ana.end();
    await until(() => server.collab.count().rooms === 0, "the room to close");
    expect(await send("ben", forged(client))).toBe("foreign");
    await server.close();
    server = await serveCollab(database.db, people, { linger: 0 });
    expect(await send("ben", forged(client))).toBe("foreign");
    // Whoever wrote before anybody kept count owns nothing any more, and nobody else does.
    const before = [...Y.decodeStateVector(Y.encodeStateVector(ana.doc)).keys()];
    for (const old of before.filter((id) => id !== client)) {
      expect(await send("ana", forged(old))).toBe("foreign");
    }
    const { json } = await server.collab.read(docId);
    expect(JSON.stringify(json)).not.toContain("never said");

    expect(await send("ana", forged(client))).toBe("saved");
    expect(await send("ben", forged(new Y.Doc().clientID))).toBe("saved");
    await server.close();
    await database.close();
  },
);
