import { randomUUID } from "node:crypto";
import type { SubmissionResult } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import { data, redirect } from "@remix-run/node";
import type { RequestContext } from "../../context.ts";
import { Invalid, NotFound } from "../../errors.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import { languageOf, translator } from "../../i18n/language.server.ts";
import { formOf, refusalOf } from "../../request.server.ts";
import { curriculumBySlug } from "../curricula/curricula.server.ts";
import { draftOf } from "../drafts/drafts.server.ts";
import { actorOf } from "../people/people.server.ts";
import { openRoundOf, openRoundsOf } from "../rounds/rounds.server.ts";
import { submitInput } from "./inputs.server.ts";
import { sayForm, suggestForm } from "./inputs.ts";
import { passageOf, Stale } from "./passages.server.ts";
import { formatReceipt } from "./receipts.ts";
import { speakerOf } from "./speaker.server.ts";

type At = { curriculum: string; module: string | null };

export type CommentForm = Awaited<ReturnType<typeof commentForm>>;

/**
 * What the page with both forms shows. The address says what it is about: `?block=` a paragraph,
 * with `&start=&end=&quote=` words in it, neither the whole module; `?text=` the draft's language.
 */
export async function commentForm(ctx: RequestContext, request: Request, at: At) {
  const { searchParams } = new URL(request.url);
  const language = languageOf(request);
  const actor = await actorOf(ctx, request);
  const shared = {
    language,
    /** Drawn anew each time the form is shown. */
    formKey: randomUUID(),
    suggesting: searchParams.get("way") === "suggest",
  };
  if (at.module === null) {
    const curriculum = await curriculumBySlug(ctx.db, actor, at.curriculum);
    const [round] = await openRoundsOf(ctx.db, curriculum.id, ctx.clock());
    return {
      ...shared,
      ...namesOf(curriculum, null, language),
      textLanguage: language,
      open: round !== undefined,
      passage: null,
      unknownBlock: false,
    };
  }
  const draft = await draftOf(ctx, actor, at.curriculum, at.module, searchParams.get("text"));
  const round = await openRoundOf(ctx.db, draft.module.id, ctx.clock());
  const block = searchParams.get("block");
  const passage = block
    ? passageIn(draft.view.json, {
        block,
        start: offset(searchParams.get("start")),
        end: offset(searchParams.get("end")),
        quote: searchParams.get("quote") ?? undefined,
      })
    : null;
  return {
    ...shared,
    ...namesOf(draft.curriculum, draft.module, language),
    textLanguage: draft.language,
    open: round !== null,
    passage,
    unknownBlock: block !== null && passage === null,
  };
}

/** What the form is answered with when it can't be taken: both texts, and everything typed. */
export type NotTaken = {
  way: "say" | "suggest";
  result: SubmissionResult<string[]>;
  /** The paragraph as the person saw it. */
  base: string | null;
  /** The paragraph changed, or is gone, since the form was opened. */
  stale: "changed" | "gone" | null;
};

/** Takes either form. Answers with the receipt's page, or with the form again. */
export async function sendComment(ctx: RequestContext, request: Request, at: At) {
  const form = await formOf(request);
  const way = form.get("kind") === "suggestion" ? "suggest" : "say";
  const seen = form.get("base");
  const base = typeof seen === "string" ? seen.replace(/\r\n?/g, "\n") : null;
  const submission = parseWithZod(form, { schema: way === "suggest" ? suggestForm : sayForm });
  if (submission.status !== "success") {
    const notTaken: NotTaken = { way, result: submission.reply(), base, stale: null };
    return data(notTaken, { status: 422 });
  }
  const text = new URL(request.url).searchParams.get("text") ?? undefined;
  try {
    await ctx.limits.hit("input", ctx.clientKey);
    const { actor, headers } = await speakerOf(ctx, request);
    const { receipt } = await submitInput(ctx, actor, { ...submission.value, ...at, text });
    return redirect(`/receipts/${formatReceipt(receipt)}?sent`, { headers });
  } catch (error) {
    // Where there is no such page there is no form to show again.
    const refusal = refusalOf(error);
    if (!refusal || refusal instanceof NotFound) throw error;
    const { key } = refusal.text;
    const field = error instanceof Invalid ? error.field : undefined;
    const result = submission.reply(
      field ? { fieldErrors: { [field]: [key] } } : { formErrors: [key] },
    );
    const stale = error instanceof Stale ? (error.present === null ? "gone" : "changed") : null;
    const notTaken: NotTaken = { way, result, base, stale };
    return data(notTaken, { status: refusal.status });
  }
}

function passageIn(...where: Parameters<typeof passageOf>) {
  try {
    const passage = passageOf(...where);
    return { ...passage, quote: passage.text.slice(passage.start, passage.end) };
  } catch (error) {
    if (error instanceof Stale) return null;
    throw error;
  }
}

function offset(text: string | null): number | undefined {
  return text && /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}

function namesOf(
  curriculum: { slug: string; title: string },
  module: { slug: string; title: string } | null,
  language: string,
) {
  return {
    curriculum: { slug: curriculum.slug, title: inLanguage(curriculum.title, language) },
    module: module && { slug: module.slug, title: inLanguage(module.title, language) },
  };
}

/** The page's title, in the reader's language. */
export function commentTitle({ language, passage, module }: CommentForm): string {
  const t = translator(language);
  if (!module) return t("inputs:form.titleCurriculum");
  if (!passage) return t("inputs:form.titleModule");
  return t(passage.scope === "passage" ? "inputs:form.titleWords" : "inputs:form.titleBlock");
}
