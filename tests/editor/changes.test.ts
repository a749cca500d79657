import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { readDoc } from "#app/document/read.ts";
import { type DocJSON, FRAGMENT, schema } from "#app/document/schema.ts";
import { createDoc } from "#app/document/write.ts";
import { type Authors, Reckoner } from "#app/editor/changes.ts";

const BASE: DocJSON = {
  type: "doc",
  content: ["One two three.", "Four five six."].map((text, index) => ({
    type: "paragraph",
    attrs: { id: `p${index}` },
    content: [{ type: "text", text }],
  })),
};

const NOBODY: Authors = { people: {}, runs: [], deletions: [] };
const ANA = { name: "Ana", colour: "#146c5b" };
const LUIS = { name: "Luis", colour: "#2f55b0" };

/** A copy, what reckons it for somebody, and who is present. */
function workshop(person = "ana") {
  const base = createDoc(BASE);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
  const present = new Map<number, Record<string, unknown>>();
  const reckoner = new Reckoner(base, readDoc(base), copy, person);
  return {
    copy,
    present,
    /** Writes as another client: answers its range. */
    write(
      block: number,
      at: number,
      text: string,
      length = 0,
    ): { client: number; range: [number, number] } {
      const other = new Y.Doc();
      Y.applyUpdate(other, Y.encodeStateAsUpdate(copy));
      const element = other.getXmlFragment(FRAGMENT).get(block) as Y.XmlElement;
      const words = element.get(0) as Y.XmlText;
      if (length > 0) words.delete(at, length);
      if (text) words.insert(at, text);
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(other));
      return { client: other.clientID, range: [0, Y.getState(other.store, other.clientID)] };
    },
    reckon: (authors = NOBODY) =>
      reckoner.reckon(schema().nodeFromJSON(readDoc(copy)), authors, { getStates: () => present }),
  };
}

const namesIn = ({ changes }: ReturnType<ReturnType<typeof workshop>["reckon"]>) =>
  changes.list.map(({ whose }) => whose.map(({ name }) => name));

describe("whose changes are", () => {
  test("the server's answer names them, by the client that wrote", () => {
    const { write, reckon } = workshop();
    const { client, range } = write(0, 14, " Ana’s words.");
    const answer = reckon({
      ...NOBODY,
      people: { ana: ANA },
      runs: [[client, ...range, "ana", "socket"]],
    });
    expect(answer.unknown).toBe(false);
    expect(answer.changes.list).toMatchObject([
      { kind: "text", mine: true, whose: [{ name: "Ana", color: ANA.colour }], blocks: ["p0"] },
    ]);
  });

  test("till it is there, presence names who writes now; without either the server is asked", () => {
    const { write, present, reckon } = workshop();
    const { client } = write(1, 0, "Luis says: ");
    expect(reckon().unknown).toBe(true);
    const later = workshop();
    const again = later.write(1, 0, "Luis says: ");
    later.present.set(again.client, { user: { name: "Luis", color: LUIS.colour } });
    const answer = later.reckon();
    expect(answer).toMatchObject({ unknown: false, present: true });
    expect(namesIn(answer)).toEqual([["Luis"]]);
    expect(answer.changes.list[0]?.mine).toBe(false);
    expect(present.has(client)).toBe(false);
  });

  test("what was taken out is whose the server says took it out", () => {
    const { write, copy, reckon } = workshop();
    write(0, 4, "", 4);
    const [client] = Y.decodeStateVector(Y.encodeStateVector(copy)).keys();
    expect(reckon().unknown).toBe(true);
    const answer = reckon({
      people: { luis: LUIS },
      runs: [],
      deletions: [[client as number, 0, 1_000, "luis"]],
    });
    expect(namesIn(answer)).toEqual([["Luis"]]);
  });

  test("a change keeps its object while it stays, and is named anew when more is known", () => {
    const { write, reckon } = workshop();
    const { client, range } = write(0, 14, " More.");
    const [first] = reckon().changes.list;
    write(1, 0, "Other. ");
    const second = reckon().changes.list;
    expect(second).toHaveLength(2);
    expect(second[0]).toBe(first);
    const known = {
      people: { ana: ANA },
      runs: [[client, ...range, "ana", "socket"] as const],
      deletions: [],
    };
    expect(reckon(known).changes.list[0]?.whose).toEqual([{ name: "Ana", color: ANA.colour }]);
  });

  test("the draft's own words are nobody's, and nothing to ask for", () => {
    const { reckon } = workshop();
    const nothing = { changes: { list: [], marks: [] }, unknown: false, present: false };
    expect(reckon()).toEqual(nothing);
  });
});
