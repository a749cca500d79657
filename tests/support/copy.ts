import { Transform } from "@tiptap/pm/transform";
import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import type { Kysely } from "kysely";
import type * as Y from "yjs";
import { textblocks } from "#app/document/read.ts";
import { FRAGMENT, schema } from "#app/document/schema.ts";
import type { Actor, Person } from "#app/features/people/people.ts";
import { differencesIn } from "#app/features/workshops/differences.server.ts";
import { join } from "#app/features/workshops/members.server.ts";
import { openWorkshop } from "#app/features/workshops/open.server.ts";
import { workshopOf } from "#app/features/workshops/workshops.server.ts";
import type { Database } from "#db/schema.ts";
import type { CollabServer } from "#server/collab/collab.ts";
import { browser, openConsultation } from "./speak.ts";

/** Changes a document as the editor does: in ProseMirror, written back by its binding. */
export function editAs(doc: Y.Doc, change: (tr: Transform) => void): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const { doc: now, meta } = initProseMirrorDoc(fragment, schema());
  const tr = new Transform(now);
  change(tr);
  if (tr.docChanged) doc.transact(() => updateYFragment(doc, fragment, tr.doc, meta));
}

/** The place of some words, or of a whole block when they are its text. */
export function placeOf(tr: Transform, words: string): { from: number; to: number } {
  let place: { from: number; to: number } | null = null;
  tr.doc.descendants((node, pos) => {
    const at = node.isTextblock ? node.textContent.indexOf(words) : -1;
    if (at >= 0) place ??= { from: pos + 1 + at, to: pos + 1 + at + words.length };
    return !node.isTextblock;
  });
  if (!place) throw new Error(`There is no "${words}"`);
  return place;
}

export const put = (text: string, before: string) => (tr: Transform) => {
  tr.insert(placeOf(tr, before).from, schema().text(text));
};
export const add = (text: string, behind: string) => (tr: Transform) => {
  tr.insert(placeOf(tr, behind).to, schema().text(text));
};
export const erase = (words: string) => (tr: Transform) => {
  const { from, to } = placeOf(tr, words);
  tr.delete(from, to);
};
export const swap = (words: string, by: string) => (tr: Transform) => {
  const { from, to } = placeOf(tr, words);
  tr.replaceWith(from, to, schema().text(by));
};
/** Takes out the whole block that holds the words. */
export const drop = (words: string) => (tr: Transform) => {
  const place = tr.doc.resolve(placeOf(tr, words).from);
  tr.delete(place.before(), place.after());
};
/** A new paragraph behind the block that holds the words. */
export const paragraph = (id: string, text: string, behind: string) => (tr: Transform) => {
  const place = tr.doc.resolve(placeOf(tr, behind).from);
  const node = schema().nodes.paragraph?.create({ id }, schema().text(text));
  if (node) tr.insert(place.after(), node);
};

/** A workshop copy with a facilitator, a trainer and a moderator, and residents who joined it. */
export async function openCopy(db: Kysely<Database>, collab: CollabServer) {
  const here = await openConsultation(db, collab);
  const { ctx } = here;
  const fay = await here.person("Fay Facilitator", "facilitator");
  const mo = await here.person("Mo Moderator", "moderator");
  const outsider = await here.person("Rita Resident");
  const id = await openWorkshop(ctx, fay, { documentId: here.documentId, title: "At the library" });

  /** Somebody who joins with a browser alone; answers who they are. */
  async function resident(
    name: string,
  ): Promise<{ actor: Actor; personId: string; memberId: string }> {
    const actor = browser(`${name}-of-${id}`);
    const { join: open } = await workshopOf(ctx, fay, id);
    if (!open) throw new Error("Closed");
    const { memberId } = await join(ctx, actor, { name, code: open.code, token: null });
    const { person_id } = await db
      .selectFrom("workshop_members")
      .select("person_id")
      .where("id", "=", memberId)
      .executeTakeFirstOrThrow();
    return { actor, personId: person_id, memberId };
  }

  /** What somebody writes in the copy, as if it came over their socket. */
  const writeAs = (personId: string, ...changes: ((tr: Transform) => void)[]) =>
    collab.edit(id, { personId, via: "socket" }, (doc) => {
      for (const change of changes) editAs(doc, change);
    });
  /** The same in the draft, by its trainer. */
  const writeDraft = (...changes: ((tr: Transform) => void)[]) =>
    collab.edit(here.documentId, { personId: here.trainer.personId, via: "socket" }, (doc) => {
      for (const change of changes) editAs(doc, change);
    });
  const textsOf = async (documentId = id) =>
    textblocks((await collab.read(documentId)).json).map(({ text }) => text);

  return {
    ...here,
    id,
    fay: fay as Person,
    mo,
    outsider,
    resident,
    writeAs,
    writeDraft,
    textsOf,
    differences: () => differencesIn(ctx, id),
    async auditOfCopy() {
      const rows = await db
        .selectFrom("audit_events")
        .select(["verb", "actor", "data"])
        .where("subject", "=", `workshop:${id}`)
        .orderBy("seq")
        .execute();
      return rows.map(({ verb, actor, data }) => ({
        verb,
        actor: JSON.parse(actor),
        data: JSON.parse(data),
      }));
    },
    checkpoints: () =>
      db
        .selectFrom("checkpoints")
        .select(["id", "reason", "made_by", "seq"])
        .where("document_id", "=", id)
        .orderBy("at")
        .orderBy("id")
        .execute(),
  };
}

export type Copy = Awaited<ReturnType<typeof openCopy>>;
