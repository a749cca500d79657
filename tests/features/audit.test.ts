import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chainHash, record } from "#app/features/audit/audit.server.ts";
import { DATABASES, type TestDatabase } from "#tests/support/databases.ts";

describe.each(DATABASES)("the audit log on $name", ({ open }) => {
  let at: TestDatabase;
  beforeAll(async () => {
    at = await open();
  });
  afterAll(() => at.close());

  const append = (verb: string) =>
    at.db.transaction().execute((trx) =>
      record(trx, {
        at: new Date("2026-03-01T10:00:00Z"),
        actor: { role: "trainer", name: "Rosa" },
        verb,
        subject: "module:1",
      }),
    );

  test("chains entries written at once without a fork or a gap", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => append(`module.changed.${i}`)));
    const rows = await at.db.selectFrom("audit_events").selectAll().orderBy("seq").execute();
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    let previous = "";
    for (const row of rows) {
      expect(row.prev_hash).toBe(previous);
      expect(row.hash).toBe(chainHash(previous, row));
      previous = row.hash;
    }
  });

  test("writes nothing when what it records fails", async () => {
    const failed = at.db.transaction().execute(async (trx) => {
      await record(trx, {
        at: new Date(),
        actor: { role: "trainer", name: null },
        verb: "module.changed",
        subject: "module:2",
      });
      throw new Error("the change failed");
    });
    await expect(failed).rejects.toThrow("the change failed");
    const { n } = await at.db
      .selectFrom("audit_events")
      .select((eb) => eb.fn.countAll().as("n"))
      .where("subject", "=", "module:2")
      .executeTakeFirstOrThrow();
    expect(Number(n)).toBe(0);
  });
});
