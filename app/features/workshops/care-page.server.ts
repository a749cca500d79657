import { parseWithZod } from "@conform-to/zod/v4";
import type * as z from "zod";
import type { RequestContext } from "../../context.ts";
import { Forbidden, Invalid } from "../../errors.ts";
import { inLanguage, type Language } from "../../i18n/i18n.ts";
import { rescuesOf } from "../drafts/rescues.server.ts";
import type { Actor } from "../people/people.ts";
import { authorsOf } from "./authors.server.ts";
import { discard, held, release, restore, undoAuthor } from "./care.server.ts";
import type { CareAction } from "./care-parts.tsx";
import { checkpoint, checkpointsOf } from "./checkpoints.server.ts";
import { invite, removeMember, rotateCode, setMay } from "./members.server.ts";
import { refresh } from "./refresh.server.ts";
import { close, freeze, unfreeze, workshopOf } from "./workshops.server.ts";
import { heldForm, inviteForm, mayForm, memberForm, restoreForm, undoForm } from "./workshops.ts";

/** What the page shows on which a copy is looked after. Throws Forbidden for whoever doesn't lead. */
export async function carePage(ctx: RequestContext, actor: Actor, id: string, language: Language) {
  const page = await workshopOf(ctx, actor, id);
  if (!page.me.leads) throw new Forbidden("workshops:errors.notYours");
  const [checkpoints, waiting, rescues, { people, runs, deletions }] = await Promise.all([
    checkpointsOf(ctx, actor, id),
    held(ctx, actor, id),
    rescuesOf(ctx, actor, id),
    authorsOf(ctx, actor, id),
  ]);
  const wrote = new Set([...runs, ...deletions].map(([, , , personId]) => personId));
  const { curriculum, module } = page;
  return {
    id,
    title: page.title,
    status: page.status,
    language: page.language,
    members: page.members,
    join: page.join,
    draftMoved: page.draftMoved,
    curriculum: { slug: curriculum.slug, title: inLanguage(curriculum.title, language) },
    module: { slug: module.slug, title: inLanguage(module.title, language) },
    checkpoints,
    held: waiting,
    rescues,
    writers: Object.entries(people)
      .filter(([personId]) => wrote.has(personId))
      .map(([personId, { name }]) => ({ personId, name }))
      .sort((a, b) => a.name.localeCompare(b.name, language)),
  };
}

/** Does what one of the page's forms asks for. Throws what the commands throw, Invalid for a wrong form. */
export async function takeCare(
  ctx: RequestContext,
  actor: Actor,
  id: string,
  form: FormData,
  language: Language,
) {
  const action = form.get("intent") as CareAction;
  switch (action) {
    case "freeze":
      await freeze(ctx, actor, id);
      break;
    case "unfreeze":
      await unfreeze(ctx, actor, id);
      break;
    case "close":
      await close(ctx, actor, id);
      break;
    case "rotate":
      await rotateCode(ctx, actor, id);
      break;
    case "may":
      await setMay(ctx, actor, id, read(form, mayForm));
      break;
    case "remove":
      await removeMember(ctx, actor, id, read(form, memberForm).memberId);
      break;
    case "invite":
      await invite(ctx, actor, id, read(form, inviteForm).email, language);
      break;
    case "checkpoint":
      await checkpoint(ctx, actor, id);
      break;
    case "restore": {
      const fields = read(form, restoreForm);
      if (fields.people.length === 0) throw new Invalid("workshops:errors.nobodyChosen");
      const { left } = await restore(ctx, actor, id, fields);
      return { done: action, left };
    }
    case "restoreAll": {
      const fields = read(form, restoreForm);
      const { left } = await restore(ctx, actor, id, { ...fields, people: [] });
      return { done: "restore" as const, left };
    }
    case "undo": {
      const { left } = await undoAuthor(ctx, actor, id, read(form, undoForm));
      return { done: action, left };
    }
    case "release":
      await release(ctx, actor, id, read(form, heldForm).heldId);
      break;
    case "discard":
      await discard(ctx, actor, id, read(form, heldForm).heldId);
      break;
    case "refresh": {
      const { applied, conflicts } = await refresh(ctx, actor, id);
      return { done: action, applied, conflicts };
    }
    default:
      throw new Invalid("errors:refused");
  }
  return { done: action };
}

function read<T>(form: FormData, schema: z.ZodType<T>): T {
  const submission = parseWithZod(form, { schema });
  if (submission.status === "success") return submission.value;
  const [first] = Object.values(submission.error ?? {}).flatMap((keys) => keys ?? []);
  throw new Invalid(first ?? "errors:refused");
}
