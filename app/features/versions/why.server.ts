import type { Kysely } from "kysely";
import type { Database } from "#db/schema.ts";
import { hashOf, sentencesOf } from "../../document/sentences.ts";
import { REMOVED } from "../../document/sources.ts";
import { isPublic } from "../inputs/inputs.ts";

/** A person of the staff whose own words stand in a sentence, by chosen name. */
export type Hand = { name: string; did: "wrote" | "imported" | "shortened" };

/** An input behind a sentence. Without words and names unless it is public. */
export type Behind = {
  inputId: string;
  kind: string;
  channel: string;
  outcome: string;
  /** Whoever suggested or said it: in a workshop copy these may be several. */
  names: string[];
  workshop: string | null;
};

/** One sentence of a passage and what stands behind it. */
export type WhySentence = { text: string; hands: Hand[]; inputs: Behind[] };

/**
 * A passage of a version, sentence by sentence, with what stands behind each; null for a version
 * that was published before sentences were kept. At most three queries.
 */
export async function sentencesBehind(
  db: Kysely<Database>,
  passage: {
    versionId: string;
    moduleId: string;
    language: string;
    blockId: string;
    text: string;
  },
): Promise<WhySentence[] | null> {
  const rows = await db
    .selectFrom("sentence_sources")
    .leftJoin("people", "people.id", "sentence_sources.person_id")
    .leftJoin("inputs", "inputs.id", "sentence_sources.input_id")
    .leftJoin("decisions", "decisions.id", "sentence_sources.decision_id")
    .leftJoin("suggestions", "suggestions.input_id", "sentence_sources.input_id")
    .leftJoin("workshops", "workshops.document_id", "suggestions.workshop_id")
    .select([
      "sentence_sources.hash",
      "sentence_sources.input_id",
      "sentence_sources.via",
      "people.name as person",
      "inputs.kind",
      "inputs.channel",
      "inputs.status",
      "inputs.name",
      "decisions.outcome",
      "workshops.title as workshop",
    ])
    .where("sentence_sources.version_id", "=", passage.versionId)
    .where("sentence_sources.module_id", "=", passage.moduleId)
    .where("sentence_sources.language", "=", passage.language)
    .where("sentence_sources.block_id", "=", passage.blockId)
    .orderBy("sentence_sources.sentence")
    .orderBy("sentence_sources.words", "desc")
    .orderBy("sentence_sources.source")
    .execute();
  if (rows.length === 0) return null;
  const authors = await authorsOf(
    db,
    rows.flatMap(({ input_id, workshop }) => (input_id && workshop !== null ? [input_id] : [])),
  );
  return sentencesOf(passage.text, passage.language).map(({ text }) => {
    const hash = hashOf(text);
    const sentence: WhySentence = { text, hands: [], inputs: [] };
    for (const row of rows) {
      if (row.hash !== hash) continue;
      const { input_id, kind, channel, outcome, status, workshop } = row;
      if (input_id && kind && channel && outcome) {
        if (sentence.inputs.some(({ inputId }) => inputId === input_id)) continue;
        const shown = status !== null && isPublic(status);
        const names = authors.get(input_id) ?? (row.name === null ? [] : [row.name]);
        const whose = shown ? { names, workshop } : { names: [], workshop: null };
        sentence.inputs.push({ inputId: input_id, kind, channel, outcome, ...whose });
      } else if (row.person !== null) {
        const hand: Hand = { name: row.person, did: didBy(row.via) };
        if (!sentence.hands.some(({ name }) => name === hand.name)) sentence.hands.push(hand);
      }
    }
    return sentence;
  });
}

function didBy(via: string | null): Hand["did"] {
  if (via === REMOVED) return "shortened";
  return via === "import" ? "imported" : "wrote";
}

/** Who wrote each suggestion in its workshop copy, by the names they chose there. */
async function authorsOf(
  db: Kysely<Database>,
  inputIds: readonly string[],
): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  if (inputIds.length === 0) return names;
  const rows = await db
    .selectFrom("suggestion_authors")
    .select(["input_id", "name"])
    .where("input_id", "in", [...new Set(inputIds)])
    .orderBy("name")
    .execute();
  for (const { input_id, name } of rows)
    names.set(input_id, [...(names.get(input_id) ?? []), name]);
  return names;
}

/** The passages of a module that say who wrote each of their sentences, by block id. */
export async function passagesWithSentences(
  db: Kysely<Database>,
  versionId: string,
  moduleId: string,
  language: string,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom("sentence_sources")
    .select("block_id")
    .distinct()
    .where("version_id", "=", versionId)
    .where("module_id", "=", moduleId)
    .where("language", "=", language)
    .execute();
  return new Set(rows.map(({ block_id }) => block_id));
}
