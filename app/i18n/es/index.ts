import type { Catalogue } from "../en/index.ts";
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

const es: Catalogue = {
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
export default es;
