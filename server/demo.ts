import { readFileSync } from "node:fs";
import type { AppContext } from "#app/context.ts";
import { applyText } from "#app/document/apply.ts";
import { fromMarkdown } from "#app/document/import.ts";
import { type TextBlock, textblocks } from "#app/document/read.ts";
import { createCurriculum } from "#app/features/curricula/curricula.server.ts";
import { decide } from "#app/features/decisions/decisions.server.ts";
import { createDraft, startModule } from "#app/features/drafts/drafts.server.ts";
import { replyTo, submitInput, supportInput } from "#app/features/inputs/inputs.server.ts";
import type { Status } from "#app/features/inputs/inputs.ts";
import { moderate } from "#app/features/moderation/moderation.server.ts";
import { ensurePerson } from "#app/features/people/people.server.ts";
import {
  type Actor,
  ANONYMOUS,
  type CurriculumRole,
  type Person,
} from "#app/features/people/people.ts";
import { grantRole, revokeRole } from "#app/features/people/roles.server.ts";
import { createSetupLink, redeemSetupLink } from "#app/features/people/setup.server.ts";
import { openRound } from "#app/features/rounds/rounds.server.ts";
import { nextVersion, publish } from "#app/features/versions/publish.server.ts";
import {
  curriculum,
  type DemoChange,
  type DemoPerson,
  edits,
  type Language,
  modules,
  type PersonKey,
  people,
  rounds,
  versions,
} from "#db/seed/demo/community.ts";
import { type DemoDecision, type DemoInput, decisions, inputs } from "#db/seed/demo/inputs.ts";
import { workshop } from "#db/seed/demo/workshop.ts";
import { playWorkshop } from "./demo-workshop.ts";

/** Published with the demonstration: it protects nothing, and `npm run serve` has no such accounts. */
export const DEMO_PASSWORD = "alder-falls";

export const DEMO_ACCOUNTS = people.map(({ name, email, role }) => ({
  name,
  email,
  role: role ?? "resident",
}));

const DAY = 86_400_000;

/**
 * Fills an empty database with the demonstration community by playing back its story through the
 * same commands that people's forms call, each at its own moment. Does nothing when there is
 * already a curriculum. Cost: some 500 transactions, once.
 */
export async function seedDemo(ctx: AppContext): Promise<void> {
  const { n } = await ctx.db
    .selectFrom("curricula")
    .select((eb) => eb.fn.countAll().as("n"))
    .executeTakeFirstOrThrow();
  if (Number(n) > 0) return;
  await new Story(ctx).play();
}

type Event = { day: number; step: number; run: (ctx: AppContext) => Promise<unknown> };

/** On one day things happen in this order. */
const STEP = { round: 0, input: 1, moderation: 2, decision: 3, edit: 4, version: 5, workshop: 6 };

class Story {
  readonly #ctx: AppContext;
  readonly #now: Date;
  readonly #actors = new Map<PersonKey, Person>();
  /** Input ids by their keys in the story. */
  readonly #inputs = new Map<string, string>();
  readonly #moduleIds = new Map<string, string>();
  #slug = "";
  #curriculumId = "";

  constructor(ctx: AppContext) {
    this.#ctx = ctx;
    this.#now = ctx.clock();
  }

  async play(): Promise<void> {
    await this.#begin(this.#at(curriculum.day, 0));
    const events: Event[] = [
      ...rounds.map((round) => ({
        day: round.opens,
        step: STEP.round,
        run: (ctx: AppContext) =>
          openRound(ctx, this.#actor(round.by), this.#slug, {
            titleEn: round.title.en,
            titleEs: round.title.es,
            questionEn: round.question.en,
            questionEs: round.question.es,
            opens: this.#date(round.opens),
            closes: this.#date(round.closes),
            modules: round.modules.map((slug) => this.#moduleIds.get(slug) ?? ""),
          }),
      })),
      ...inputs.flatMap((input) => [
        { day: input.day, step: STEP.input, run: (ctx: AppContext) => this.#submit(ctx, input) },
        ...input.moderation.map((event, i) => ({
          day: event.day,
          step: STEP.moderation,
          run: async (ctx: AppContext) => {
            await moderate(ctx, this.#actor(event.by), {
              inputId: this.#input(input.key),
              action: event.action,
              expectedStatus: statusAfter(input.moderation[i - 1]?.action),
              reasonCode: event.code,
              reason: event.reason ?? "",
            });
            if (event.action === "approve") await this.#support(ctx, input);
          },
        })),
      ]),
      ...decisions.map((decision) => ({
        day: decision.day,
        step: STEP.decision,
        run: (ctx: AppContext) => this.#decide(ctx, decision),
      })),
      ...edits.map((edit) => ({
        day: edit.day,
        step: STEP.edit,
        run: (ctx: AppContext) => this.#edit(ctx, edit, edit.by),
      })),
      ...versions.map((version) => ({
        day: version.day,
        step: STEP.version,
        run: async (ctx: AppContext) => {
          const actor = this.#actor(version.by);
          const { drafts } = await nextVersion(ctx, actor, this.#slug);
          const seen = new Map(drafts.map(({ documentId, view }) => [documentId, view.seq]));
          await publish(ctx, actor, { slug: this.#slug, note: version.note, seen });
        },
      })),
    ];
    events.push({
      day: workshop.day,
      step: STEP.workshop,
      run: (ctx) => playWorkshop(ctx, this.#slug, (key) => this.#actor(key)),
    });
    events.sort((a, b) => b.day - a.day || a.step - b.step);
    for (const [i, { day, run }] of events.entries()) await run(this.#at(day, i));
  }

  /** The people, the curriculum and its modules as they were before anybody said anything. */
  async #begin(ctx: AppContext): Promise<void> {
    const steward = people.find(({ role }) => role === "steward");
    if (!steward) throw new Error("The story has no steward");
    const token = await createSetupLink(ctx);
    if (token) {
      const { name, email } = steward;
      await redeemSetupLink(ctx, token, { name, email, password: DEMO_PASSWORD });
    }
    const inCharge = await this.#meet(steward, ctx);

    const { title, summary, effectiveFrom, effectiveTo, ...fields } = curriculum;
    const made = await createCurriculum(ctx, inCharge, {
      ...fields,
      status: "draft",
      titleEn: title.en,
      titleEs: title.es,
      summaryEn: summary.en,
      summaryEs: summary.es,
      effectiveFrom: this.#date(effectiveFrom),
      effectiveTo: this.#date(effectiveTo),
    });
    this.#slug = made.slug;
    this.#curriculumId = made.id;
    for (const person of people) {
      if (person !== steward) await this.#meet(person, ctx);
      const { role } = person;
      if (role && role !== "steward") {
        const { personId } = this.#actor(person.key);
        await grantRole(ctx, inCharge, { personId, role, curriculumId: made.id });
      }
    }
    // Starting a curriculum makes one its trainer; here the trainers take it from there.
    const own = await ctx.db
      .selectFrom("roles")
      .select("id")
      .where("person_id", "=", inCharge.personId)
      .where("curriculum_id", "=", made.id)
      .executeTakeFirst();
    if (own) await revokeRole(ctx, inCharge, own.id);
    await this.#modules(ctx);
    await ctx.db
      .updateTable("curricula")
      .set({ status: curriculum.status })
      .where("id", "=", made.id)
      .execute();
  }

  async #modules(ctx: AppContext): Promise<void> {
    const trainer = this.#actor("dana");
    for (const {
      title,
      goal,
      contentWarning,
      drafts,
      position: _inOrder,
      slug,
      ...fields
    } of modules) {
      const [leading = "en", ...others] = drafts;
      const module = await startModule(
        ctx,
        trainer,
        this.#slug,
        {
          ...fields,
          titleEn: title.en,
          titleEs: title.es,
          goalEn: goal.en,
          goalEs: goal.es,
          warningEn: contentWarning.en,
          warningEs: contentWarning.es,
          language: leading,
        },
        textOf(slug, leading),
      );
      if (module.slug !== slug) throw new Error(`The module ${slug} became ${module.slug}`);
      this.#moduleIds.set(slug, module.id);
      for (const language of others) {
        await ctx.db.transaction().execute((trx) =>
          createDraft(trx, {
            moduleId: module.id,
            language,
            json: textOf(slug, language),
            author: { personId: this.#actor("luis").personId, via: "import" },
            clock: ctx.clock,
          }),
        );
      }
    }
  }

  async #meet({ key, name, email, role }: DemoPerson, ctx: AppContext): Promise<Person> {
    const known = await ctx.db
      .selectFrom("people")
      .select("id")
      .where("name", "=", name)
      .executeTakeFirst();
    const personId =
      known?.id ??
      (await ensurePerson(ctx, await ctx.auth.createAccount(name, email, DEMO_PASSWORD))).personId;
    const actor: Person = { ...ANONYMOUS, personId, name, steward: role === "steward" };
    this.#actors.set(key, actor);
    return actor;
  }

  async #submit(ctx: AppContext, input: DemoInput): Promise<void> {
    const actor = input.by ? this.#actor(input.by) : { ...ANONYMOUS, deviceKey: input.key };
    const said = { body: input.body, name: input.name, language: input.language };
    const key = `demonstration-${input.key}`;
    if (input.parent) {
      const { id } = await replyTo(ctx, actor, this.#input(input.parent), { ...said, key });
      this.#inputs.set(input.key, id);
      return;
    }
    const where = {
      curriculum: this.#slug,
      module: input.module,
      text: input.draft ?? "en",
      channel: input.channel,
      key,
    };
    const block = await this.#pointedAt(input);
    if (input.kind === "suggestion") {
      if (!block || !input.change) throw new Error(`${input.key} suggests nothing`);
      const { id } = await submitInput(ctx, actor, {
        ...said,
        ...where,
        kind: "suggestion",
        block: block.id,
        quote: undefined,
        base: block.text,
        proposed: block.text.replace(input.change.find, () => input.change?.replace ?? ""),
      });
      this.#inputs.set(input.key, id);
      return;
    }
    const quote = input.anchor && "quote" in input.anchor ? input.anchor.quote : undefined;
    const start = quote && block ? block.text.indexOf(quote) : undefined;
    const { id } = await submitInput(ctx, actor, {
      ...said,
      ...where,
      kind: input.kind as "comment",
      block: block?.id,
      base: block?.text,
      quote,
      start,
      end: start === undefined || !quote ? undefined : start + quote.length,
    });
    this.#inputs.set(input.key, id);
  }

  async #pointedAt(input: DemoInput): Promise<TextBlock | undefined> {
    const { anchor, change } = input;
    const words = change?.find ?? (anchor && ("quote" in anchor ? anchor.quote : anchor.paragraph));
    if (!input.module || !words) return undefined;
    return (await this.#place(input.module, input.draft ?? "en", words)).block;
  }

  async #support(ctx: AppContext, input: DemoInput): Promise<void> {
    for (let i = 0; i < input.supports; i++) {
      const actor = { ...ANONYMOUS, deviceKey: `${input.key}-${i}` };
      await supportInput(ctx, actor, this.#input(input.key));
    }
  }

  async #decide(ctx: AppContext, decision: DemoDecision): Promise<void> {
    const [leading = "", ...others] = decision.inputs;
    const { change, outcome, reason } = decision;
    const place = change ? await this.#place(change.module, change.draft, change.find) : null;
    const inputId = this.#input(leading);
    await decide(ctx, this.#actor(decision.by), {
      inputId,
      outcome,
      reason,
      ...(place && change
        ? {
            base: place.block.text,
            wording: place.block.text.replace(change.find, () => change.replace),
          }
        : {}),
    });
    if (others.length === 0) return;
    const { decision_id } = await ctx.db
      .selectFrom("decision_inputs")
      .select("decision_id")
      .where("input_id", "=", inputId)
      .executeTakeFirstOrThrow();
    await ctx.db
      .insertInto("decision_inputs")
      .values(others.map((key) => ({ decision_id, input_id: this.#input(key) })))
      .execute();
  }

  async #edit(ctx: AppContext, change: DemoChange, by: PersonKey): Promise<void> {
    const { documentId, block } = await this.#place(change.module, change.draft, change.find);
    await ctx.collab.edit(
      documentId,
      { personId: this.#actor(by).personId, via: "edit" },
      (doc) => {
        const { status } = applyText(doc, {
          blockId: block.id,
          base: block.text,
          proposed: block.text.replace(change.find, () => change.replace),
        });
        if (status !== "applied")
          throw new Error(`The story's edit of "${change.find}" is ${status}`);
      },
    );
  }

  /** The one block of a draft that has these words. */
  async #place(module: string, language: Language, words: string) {
    const { id: documentId } = await this.#ctx.db
      .selectFrom("documents")
      .select("id")
      .where("module_id", "=", this.#moduleIds.get(module) ?? "")
      .where("language", "=", language)
      .executeTakeFirstOrThrow();
    const { json } = await this.#ctx.collab.read(documentId);
    const found = textblocks(json).filter(({ text }) => text.includes(words));
    const [block] = found;
    if (!block || found.length > 1)
      throw new Error(`"${words}" stands ${found.length} times in ${module}.${language}`);
    return { documentId, block };
  }

  #actor(key: PersonKey): Person {
    const actor = this.#actors.get(key);
    if (!actor) throw new Error(`Nobody called ${key}`);
    const role = people.find((person) => person.key === key)?.role;
    const roles: Actor["roles"] =
      role && role !== "steward"
        ? [{ curriculumId: this.#curriculumId, role: role satisfies CurriculumRole }]
        : [];
    return { ...actor, roles };
  }

  #input(key: string): string {
    const id = this.#inputs.get(key);
    if (!id) throw new Error(`No input ${key} yet`);
    return id;
  }

  /** The context of a moment: the clock stands at some hour of that day, never in the future. */
  #at(day: number, i: number): AppContext {
    const moment = new Date(this.#now.getTime() - day * DAY);
    moment.setUTCHours(13 + (i % 8), (i * 7) % 60, 0, 0);
    const at = moment > this.#now ? this.#now : moment;
    return { ...this.#ctx, clock: () => new Date(at) };
  }

  #date(day: number): string {
    return new Date(this.#now.getTime() - day * DAY).toISOString().slice(0, 10);
  }
}

function statusAfter(action: DemoInput["moderation"][number]["action"] | undefined): Status {
  if (!action) return "waiting";
  const after = { approve: "approved", hold: "held", return: "returned", reject: "rejected" };
  return after[action] as Status;
}

/** The texts lie beside the source; the built server finds them from its own folder. */
function textOf(slug: string, language: Language) {
  const file = new URL(`../db/seed/demo/modules/${slug}.${language}.md`, import.meta.url);
  return fromMarkdown(readFileSync(file, "utf8")).doc;
}
