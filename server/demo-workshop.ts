import { v7 as uuidv7 } from "uuid";
import type { AppContext } from "#app/context.ts";
import { applyHunk } from "#app/document/apply.ts";
import { diff } from "#app/document/diff.ts";
import { readDoc, textblocks, textOf } from "#app/document/read.ts";
import type { DocJSON, NodeJSON } from "#app/document/schema.ts";
import { type Actor, ANONYMOUS, type Person } from "#app/features/people/people.ts";
import { differencesIn } from "#app/features/workshops/differences.server.ts";
import { join } from "#app/features/workshops/members.server.ts";
import { openWorkshop } from "#app/features/workshops/open.server.ts";
import { propose } from "#app/features/workshops/propose.server.ts";
import { workshopOf } from "#app/features/workshops/workshops.server.ts";
import type { PersonKey } from "#db/seed/demo/community.ts";
import { type DemoDeed, workshop } from "#db/seed/demo/workshop.ts";

/** Opens the story's workshop copy, lets its people in, and has them write and propose. */
export async function playWorkshop(
  ctx: AppContext,
  curriculum: string,
  actorOf: (key: PersonKey) => Person,
): Promise<void> {
  const { module, draft, title, by, members, deeds, proposed } = workshop;
  const leader = actorOf(by);
  const id = await openWorkshop(ctx, leader, { curriculum, module, text: draft, title });
  const { join: open } = await workshopOf(ctx, leader, id);
  if (!open) throw new Error("The story's workshop copy lets nobody in");
  const people = new Map<string, { actor: Actor; personId: string }>();
  for (const { key, name, person } of members) {
    const actor = person ? actorOf(person) : { ...ANONYMOUS, deviceKey: `demonstration-${key}` };
    const request = { ...ctx, nonce: "", clientKey: "demonstration" };
    const { memberId } = await join(request, actor, { name, code: open.code, token: null });
    const { person_id: personId } = await ctx.db
      .selectFrom("workshop_members")
      .select("person_id")
      .where("id", "=", memberId)
      .executeTakeFirstOrThrow();
    people.set(key, { actor, personId });
  }
  const who = (key: string) => {
    const one = people.get(key);
    if (!one) throw new Error(`Nobody called ${key} in the workshop copy`);
    return one;
  };
  for (const deed of deeds) {
    await ctx.collab.edit(id, { personId: who(deed.by).personId, via: "socket" }, (doc) => {
      const now = readDoc(doc);
      for (const hunk of diff(now, done(now, deed))) {
        const { status } = applyHunk(doc, hunk);
        if (status !== "applied") throw new Error(`A deed of ${deed.by} is ${status}`);
      }
    });
  }
  const { copy, hunks } = await differencesIn(ctx, id);
  const place = textblocks(copy.json).find(({ text }) => text.includes(proposed.words));
  const hunk = hunks.find(({ ops }) => JSON.stringify(ops).includes(proposed.words));
  if (!place || !hunk) throw new Error("Nothing to propose in the story's workshop copy");
  await propose(ctx, who(proposed.by).actor, id, {
    hunks: [hunk.key],
    reason: proposed.reason,
    forGroup: false,
    language: draft,
    key: uuidv7(),
  });
}

/** How the text reads once a deed is done. */
function done(now: DocJSON, deed: DemoDeed): DocJSON {
  if ("find" in deed)
    return withBlocks(now, deed.find, (block) => [replaced(block, deed.find, deed.replace)]);
  if ("add" in deed)
    return withBlocks(now, deed.behind, (block) => [
      block,
      {
        type: "paragraph",
        attrs: { ...block.attrs, id: deed.id },
        content: [{ type: "text", text: deed.add }],
      },
    ]);
  const moving = textblocks(now).find(({ text }) => text.includes(deed.move));
  if (!moving) throw new Error(`"${deed.move}" isn't there to be moved`);
  const without = withBlocks(now, deed.move, () => []);
  return withBlocks(without, deed.before, (block) => [moving.node, block]);
}

/** The same text with the one block that has these words replaced. */
function withBlocks(doc: DocJSON, words: string, by: (block: NodeJSON) => NodeJSON[]): DocJSON {
  const found = textblocks(doc).filter(({ text }) => text.includes(words));
  const [block] = found;
  if (!block || found.length > 1)
    throw new Error(`"${words}" stands ${found.length} times in the workshop copy`);
  const visit = (node: NodeJSON): NodeJSON =>
    node.content
      ? {
          ...node,
          content: node.content.flatMap((one) => (one === block.node ? by(one) : [visit(one)])),
        }
      : node;
  return {
    ...doc,
    content: (doc.content ?? []).flatMap((one) => (one === block.node ? by(one) : [visit(one)])),
  };
}

/** A block with other words, in the one piece of its text that has them. */
function replaced(block: NodeJSON, find: string, replace: string): NodeJSON {
  return {
    ...block,
    content: (block.content ?? []).map((node) =>
      node.type === "text" && textOf(node).includes(find)
        ? { ...node, text: textOf(node).replace(find, () => replace) }
        : node,
    ),
  };
}
