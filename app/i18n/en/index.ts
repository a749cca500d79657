import common from "./common.ts";
import curricula from "./curricula.ts";
import decisions from "./decisions.ts";
import drafts from "./drafts.ts";
import editor from "./editor.ts";
import errors from "./errors.ts";
import inputs from "./inputs.ts";
import moderation from "./moderation.ts";
import people from "./people.ts";
import repair from "./repair.ts";
import rounds from "./rounds.ts";
import versions from "./versions.ts";
import workshops from "./workshops.ts";

const en = {
  common,
  curricula,
  decisions,
  drafts,
  editor,
  errors,
  inputs,
  moderation,
  people,
  repair,
  rounds,
  versions,
  workshops,
};
export default en;

/** The catalogue's shape, taken from English: a language that lacks a text doesn't compile. */
export type Catalogue = Texts<typeof en>;
type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
