import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type * as Y from "yjs";
import { FRAGMENT } from "#app/document/schema.ts";
import { connect } from "#db/connect.ts";
import { createCollab } from "#server/collab/collab.ts";
import { append, quiet, seedDocument, serveCollab, until } from "../../support/collab.ts";
import { type Disk, integrityOf } from "../../support/disk.ts";
import { lacks, Peer } from "../../support/peer.ts";

/**
 * Two people write while the disk fills up, stays full for a while and empties again, `times` over.
 * While it is full, nobody is told that anything is saved which isn't in the files, everybody hears
 * that it isn't, nobody is sent away and the files are sound. Then all is saved by itself.
 */
export async function fullDisk(disk: Disk, times: number) {
  const { docId, people } = await seedDocument(disk.db);
  const server = await serveCollab(disk.db, people, { linger: 0 });
  const [ana, ben, fay] = (["ana", "ben", "fay"] as const).map(
    (name) => new Peer(server.url, docId, name),
  ) as [Peer, Peer, Peer];
  const everybody = [ana, ben, fay];
  let unsaved = 0;
  try {
    await until(() => everybody.every(({ synced }) => synced));
    for (let time = 1; time <= times; time++) {
      append(ana.doc, ` before ${time}`, 1);
      await until(() => ana.settled, "the disk to take something");
      await disk.fill();
      const words = ` while full ${time} `.repeat(100);
      for (let n = 0; n < 2_000 && ana.notSaved < time; n++) {
        append(n % 2 ? ana.doc : ben.doc, words, 1 + (n % 2));
        await sleep(2);
      }
      await until(() => everybody.every(({ notSaved }) => notSaved === time), "all to be told");
      append(ben.doc, ` typed meanwhile ${time}`, 2);
      await sleep(300);
      unsaved += ana.made.length + ben.made.length - ana.acknowledged - ben.acknowledged;
      expect(ben.settled).toBe(false);
      const kept = await filesOf(disk.address, docId);
      for (const peer of [ana, ben]) expect(lacks(kept.doc, peer)).toBe(false);
      expect(kept.integrity).toBe("ok");

      await disk.free();
      await until(() => ana.settled && ben.settled, "all to be saved", 20_000);
      await until(() => fay.fragment.toString() === ana.fragment.toString(), "one text");
    }
    for (const peer of everybody) expect(peer.breaks).toBe(0);
    const kept = await filesOf(disk.address, docId);
    for (const peer of [ana, ben]) expect(lacks(kept.doc, peer)).toBe(false);
    expect(kept.doc.getXmlFragment(FRAGMENT).toString()).toBe(ana.fragment.toString());
    return { times, changes: ana.made.length + ben.made.length, unsaved };
  } finally {
    for (const peer of everybody) peer.end();
    // What is still unsaved after a failure would keep the server from closing.
    await disk.free();
    await server.close();
  }
}

/** What the files hold at this moment, read from a copy of them, and what SQLite says of that. */
async function filesOf(address: string, docId: string): Promise<{ doc: Y.Doc; integrity: string }> {
  const dir = mkdtempSync(join(tmpdir(), "groundwork-copy-"));
  const copy = join(dir, "groundwork.sqlite");
  for (const end of ["", "-wal"]) {
    if (existsSync(address + end)) copyFileSync(address + end, copy + end);
  }
  const db = connect(copy);
  try {
    const integrity = await integrityOf(db);
    const collab = createCollab({ db, clock: () => new Date(), log: quiet });
    const { doc } = await collab.read(docId);
    await collab.close();
    return { doc, integrity };
  } finally {
    await db.destroy();
    rmSync(dir, { recursive: true, force: true });
  }
}
