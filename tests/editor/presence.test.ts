import { expect, it } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { initials, inkOn, othersIn } from "#app/editor/presence.ts";

it.each([
  ["Ana Ruiz", "AR"],
  ["  maria del carmen lópez ", "ML"],
  ["Žiga", "Ž"],
  ["🙂 Smile", "🙂S"],
  ["", ""],
])("shortens %s to initials", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

it("writes on a colour in what reads better", () => {
  expect([inkOn("#ffffff"), inkOn("#f2c500"), inkOn("#000000"), inkOn("#9b2226")]).toEqual([
    "#000000",
    "#000000",
    "#ffffff",
    "#ffffff",
  ]);
});

it("lists everybody else once, whatever their clients say", () => {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalState({ user: { name: "Me", color: "#111111" } });
  const states: [number, unknown][] = [
    [1, { user: { name: "Ben", color: "#0b6285" } }],
    [2, { user: { name: "Ben", color: "#0b6285" }, cursor: null }],
    [3, { user: { name: "Ana", color: "url(https://evil.example)" } }],
    [4, { user: { name: 7 } }],
    [5, {}],
  ];
  for (const [client, state] of states) awareness.states.set(client, state as object);
  expect(othersIn(awareness).map(({ name, color }) => [name, color])).toEqual([
    ["Ana", "#666666"],
    ["Ben", "#0b6285"],
  ]);
  awareness.destroy();
});
