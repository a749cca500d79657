import { createHash, randomBytes } from "node:crypto";
import type { Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { record } from "../audit/audit.server.ts";

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * The token of a one-time link that makes the first steward, or null when there is one already.
 * Only its hash is kept; a newer link replaces an older one nobody used.
 */
export async function createSetupLink(
  ctx: Pick<AppContext, "db" | "clock">,
): Promise<string | null> {
  const token = randomBytes(24).toString("base64url");
  return await ctx.db.transaction().execute(async (trx) => {
    if (await hasSteward(trx)) return null;
    await trx.deleteFrom("setup_links").where("used_at", "is", null).execute();
    await trx
      .insertInto("setup_links")
      .values({ token_hash: hashOf(token), created_at: ctx.clock().toISOString(), used_at: null })
      .execute();
    return token;
  });
}

/** Throws NotFound unless the link can still be used. */
export async function checkSetupLink(ctx: AppContext, token: string): Promise<void> {
  const link = await ctx.db
    .selectFrom("setup_links")
    .select("token_hash")
    .where("token_hash", "=", hashOf(token))
    .where("used_at", "is", null)
    .executeTakeFirst();
  if (!link) throw new NotFound("people:setup.used");
}

/**
 * Makes the first steward. Of several who try at once exactly one succeeds; the others get
 * NotFound and leave nothing behind.
 */
export async function redeemSetupLink(
  ctx: AppContext,
  token: string,
  { name, email, password }: { name: string; email: string; password: string },
): Promise<void> {
  await checkSetupLink(ctx, token);
  // better-auth writes outside our transaction: the account comes first, and goes if we lose.
  const accountId = await ctx.auth.createAccount(name, email, password);
  const at = ctx.clock();
  try {
    await ctx.db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable("setup_links")
        .set({ used_at: at.toISOString() })
        .where("token_hash", "=", hashOf(token))
        .where("used_at", "is", null)
        .executeTakeFirst();
      if (Number(numUpdatedRows) === 0 || (await hasSteward(trx)))
        throw new NotFound("people:setup.used");
      const personId = uuidv7();
      const now = at.toISOString();
      await trx
        .insertInto("people")
        .values({ id: personId, account_id: accountId, name, created_at: now })
        .execute();
      await trx
        .insertInto("roles")
        .values({
          id: uuidv7(),
          person_id: personId,
          curriculum_id: null,
          role: "steward",
          granted_by: null,
          granted_at: now,
        })
        .execute();
      await record(trx, {
        at,
        actor: { role: "steward", name },
        verb: "installation.set_up",
        subject: `person:${personId}`,
      });
    });
  } catch (error) {
    await ctx.auth.removeAccount(accountId);
    throw error;
  }
}

async function hasSteward(trx: Transaction<Database>): Promise<boolean> {
  const steward = await trx
    .selectFrom("roles")
    .select("id")
    .where("role", "=", "steward")
    .executeTakeFirst();
  return steward !== undefined;
}
