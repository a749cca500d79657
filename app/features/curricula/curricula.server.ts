import type { Kysely, Selectable, Transaction } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#db/schema.ts";
import type { AppContext } from "../../context.ts";
import { Conflict, Forbidden, Invalid, NotFound } from "../../errors.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { type AuditEntry, record } from "../audit/audit.server.ts";
import { auditActor, requireRole } from "../people/people.server.ts";
import { type Actor, isPerson, type Person, worksOn } from "../people/people.ts";
import {
  type CurriculumFields,
  isPublic,
  type ModuleFields,
  multilingual,
  slugFor,
} from "./curricula.ts";

export type Curriculum = Selectable<Database["curricula"]>;
export type Module = Selectable<Database["modules"]>;

type Reads = Kysely<Database>;
type Writes = Transaction<Database>;

/** The curriculum at this address, if the actor may read it: public, or theirs to work on. */
export async function curriculumBySlug(db: Reads, actor: Actor, slug: string): Promise<Curriculum> {
  const curriculum = await db
    .selectFrom("curricula")
    .selectAll()
    .where("slug", "=", slug)
    .executeTakeFirst();
  if (!curriculum || !(isPublic(curriculum.status) || worksOn(actor, curriculum.id)))
    throw new NotFound("curricula:notFound");
  return curriculum;
}

/** A curriculum with one of its modules, under the curriculum's own rule. */
export async function moduleBySlug(
  db: Reads,
  actor: Actor,
  slug: string,
  moduleSlug: string,
): Promise<{ curriculum: Curriculum; module: Module }> {
  const curriculum = await curriculumBySlug(db, actor, slug);
  const module = await db
    .selectFrom("modules")
    .selectAll()
    .where("curriculum_id", "=", curriculum.id)
    .where("slug", "=", moduleSlug)
    .executeTakeFirst();
  if (!module) throw new NotFound("curricula:moduleNotFound");
  return { curriculum, module };
}

/** The curriculum, for its trainers: Forbidden for everyone else who may know of it. */
export async function curriculumAsTrainer(
  db: Reads,
  actor: Actor,
  slug: string,
): Promise<{ curriculum: Curriculum; trainer: Person }> {
  const curriculum = await curriculumBySlug(db, actor, slug);
  return { curriculum, trainer: requireRole(actor, "trainer", curriculum.id) };
}

/** All curricula the actor may read, newest first. */
export async function listCurricula(db: Reads, actor: Actor): Promise<Curriculum[]> {
  const all = await db
    .selectFrom("curricula")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return all.filter(({ id, status }) => isPublic(status) || worksOn(actor, id));
}

/** The modules of a curriculum, in their order. */
export async function modulesOf(db: Reads, curriculumId: string): Promise<Module[]> {
  return db
    .selectFrom("modules")
    .selectAll()
    .where("curriculum_id", "=", curriculumId)
    .orderBy("position")
    .execute();
}

/** Who may start a curriculum: the steward, and whoever is a trainer somewhere. */
export function maySetUp(actor: Actor): actor is Person {
  return isPerson(actor) && (actor.steward || actor.roles.some(({ role }) => role === "trainer"));
}

/** Starts a curriculum; whoever starts it becomes its first trainer. */
export async function createCurriculum(
  ctx: AppContext,
  actor: Actor,
  fields: CurriculumFields,
): Promise<Curriculum> {
  if (!maySetUp(actor)) throw new Forbidden();
  const at = ctx.clock();
  return ctx.db.transaction().execute(async (trx) => {
    const taken = await trx.selectFrom("curricula").select("slug").execute();
    const columns = curriculumColumns(fields);
    const curriculum = await trx
      .insertInto("curricula")
      .values({
        id: uuidv7(),
        slug: slugFor(inLanguage(columns.title, "en"), new Set(taken.map(({ slug }) => slug))),
        ...columns,
        created_at: at.toISOString(),
        updated_at: at.toISOString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await trx
      .insertInto("roles")
      .values({
        id: uuidv7(),
        person_id: actor.personId,
        curriculum_id: curriculum.id,
        role: "trainer",
        granted_by: actor.personId,
        granted_at: at.toISOString(),
      })
      .execute();
    await record(trx, {
      at,
      actor: auditActor(actor, actor.steward ? "steward" : "trainer"),
      verb: "curriculum.created",
      subject: `curriculum:${curriculum.id}`,
      data: { slug: curriculum.slug, title: curriculum.title },
    });
    return curriculum;
  });
}

/**
 * Changes a curriculum's fields. `seen` is its `updated_at` when the form was opened. What was
 * public stays public: it can be withdrawn, not hidden.
 */
export async function updateCurriculum(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  fields: CurriculumFields,
  seen: string,
): Promise<Curriculum> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  if (isPublic(curriculum.status) && !isPublic(fields.status)) {
    throw new Invalid("curricula:staysPublic", undefined, "status");
  }
  const at = ctx.clock();
  const columns = curriculumColumns(fields);
  return ctx.db.transaction().execute(async (trx) => {
    const updated = await trx
      .updateTable("curricula")
      .set({ ...columns, updated_at: at.toISOString() })
      .where("id", "=", curriculum.id)
      .where("updated_at", "=", seen)
      .returningAll()
      .executeTakeFirst();
    if (!updated) throw new Conflict();
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: "curriculum.changed",
      subject: `curriculum:${curriculum.id}`,
      data: changed(curriculum, columns),
    });
    return updated;
  });
}

/**
 * Adds a module at the end. `also` writes in the same transaction: `startModule` of drafts gives
 * the module its text there.
 */
export async function createModule(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  fields: ModuleFields,
  also?: (trx: Writes, module: Module) => Promise<void>,
): Promise<Module> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  return ctx.db.transaction().execute(async (trx) => {
    const module = await addModule(trx, {
      curriculumId: curriculum.id,
      fields,
      by: auditActor(trainer, "trainer"),
      at: ctx.clock(),
    });
    await also?.(trx, module);
    return module;
  });
}

/** Writes a new last module and its audit entry. Whoever calls has checked that it may be added. */
export async function addModule(
  trx: Writes,
  {
    curriculumId,
    fields,
    by,
    at,
  }: { curriculumId: string; fields: ModuleFields; by: AuditEntry["actor"]; at: Date },
): Promise<Module> {
  await lockOrder(trx, curriculumId);
  const siblings = await trx
    .selectFrom("modules")
    .select(["slug", "position"])
    .where("curriculum_id", "=", curriculumId)
    .execute();
  const columns = moduleColumns(fields);
  const module = await trx
    .insertInto("modules")
    .values({
      id: uuidv7(),
      curriculum_id: curriculumId,
      slug: slugFor(
        inLanguage(columns.title, fields.language),
        new Set(siblings.map((sibling) => sibling.slug)),
      ),
      position: Math.max(0, ...siblings.map(({ position }) => position)) + 1,
      ...columns,
      created_at: at.toISOString(),
      updated_at: at.toISOString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await record(trx, {
    at,
    actor: by,
    verb: "module.created",
    subject: `module:${module.id}`,
    data: { slug: module.slug, title: module.title },
  });
  return module;
}

/**
 * Makes a curriculum's list of modules ours until the transaction ends, or two new ones would get
 * one place and one address: writing the row locks it on PostgreSQL, as SQLite's one writer does.
 */
async function lockOrder(trx: Writes, curriculumId: string): Promise<void> {
  await trx
    .updateTable("curricula")
    .set(({ ref }) => ({ status: ref("status") }))
    .where("id", "=", curriculumId)
    .execute();
}

/** Changes a module's fields. `seen` is its `updated_at` when the form was opened. */
export async function updateModule(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  moduleSlug: string,
  fields: ModuleFields,
  seen: string,
): Promise<Module> {
  const { trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  const { module } = await moduleBySlug(ctx.db, actor, slug, moduleSlug);
  const at = ctx.clock();
  const columns = moduleColumns(fields);
  return ctx.db.transaction().execute(async (trx) => {
    const updated = await trx
      .updateTable("modules")
      .set({ ...columns, updated_at: at.toISOString() })
      .where("id", "=", module.id)
      .where("updated_at", "=", seen)
      .returningAll()
      .executeTakeFirst();
    if (!updated) throw new Conflict();
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: "module.changed",
      subject: `module:${module.id}`,
      data: changed(module, columns),
    });
    return updated;
  });
}

/** Swaps a module with the one before or after it. At either end nothing happens. */
export async function moveModule(
  ctx: AppContext,
  actor: Actor,
  slug: string,
  moduleSlug: string,
  direction: "up" | "down",
): Promise<void> {
  const { curriculum, trainer } = await curriculumAsTrainer(ctx.db, actor, slug);
  const at = ctx.clock();
  await ctx.db.transaction().execute(async (trx) => {
    await lockOrder(trx, curriculum.id);
    const modules = await modulesOf(trx, curriculum.id);
    const index = modules.findIndex((module) => module.slug === moduleSlug);
    const module = modules[index];
    if (!module) throw new NotFound("curricula:moduleNotFound");
    const other = modules[direction === "up" ? index - 1 : index + 1];
    if (!other) return;
    await put(trx, module, other.position);
    await put(trx, other, module.position);
    await record(trx, {
      at,
      actor: auditActor(trainer, "trainer"),
      verb: "module.moved",
      subject: `module:${module.id}`,
      data: { from: module.position, to: other.position },
    });
  });
}

/** Moves a module from the position it was seen at; Conflict when it isn't there any more. */
async function put(trx: Writes, module: Module, position: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable("modules")
    .set({ position })
    .where("id", "=", module.id)
    .where("position", "=", module.position)
    .executeTakeFirst();
  if (Number(numUpdatedRows) !== 1) throw new Conflict();
}

function curriculumColumns(fields: CurriculumFields) {
  return {
    title: multilingual({ en: fields.titleEn, es: fields.titleEs }),
    summary: multilingual({ en: fields.summaryEn, es: fields.summaryEs }),
    agency: fields.agency,
    jurisdiction: fields.jurisdiction,
    status: fields.status,
    licence: fields.licence,
    owner: fields.owner,
    approver: fields.approver,
    effective_from: fields.effectiveFrom,
    effective_to: fields.effectiveTo,
    adapted_from: fields.adaptedFrom,
    minutes: fields.minutes,
  };
}

function moduleColumns(fields: ModuleFields) {
  return {
    title: multilingual({ en: fields.titleEn, es: fields.titleEs }),
    goal: multilingual({ en: fields.goalEn, es: fields.goalEs }),
    audience: fields.audience,
    prerequisites: fields.prerequisites,
    minutes: fields.minutes,
    mode: fields.mode,
    max_students: fields.maxStudents,
    facilities: fields.facilities,
    equipment: fields.equipment,
    safety_plan: fields.safetyPlan,
    content_warning: multilingual({ en: fields.warningEn, es: fields.warningEs }),
    language: fields.language,
  };
}

/** The fields that differ, as they were and as they are, for the audit log. */
function changed<T extends object>(before: T, after: Partial<T>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => before[name as keyof T] !== value)
      .map(([name, value]) => [name, { from: before[name as keyof T], to: value }]),
  );
}
