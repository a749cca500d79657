import type { Generated } from "kysely";

/**
 * The tables as TypeScript sees them, the same on SQLite and PostgreSQL.
 * Ids are UUIDv7 text; times are UTC ISO text; JSON is text; flags are 0 or 1.
 * Accounts (e-mail, passwords, passkeys, sessions) live in better-auth's own tables
 * (`user`, `session`, `account`, `verification`, `passkey`), apart from everything said here.
 */
export interface Database {
  people: People;
  roles: Roles;
  invitations: Invitations;
  setup_links: SetupLinks;
  curricula: Curricula;
  modules: Modules;
  documents: Documents;
  doc_updates: DocUpdates;
  doc_runs: DocRuns;
  doc_deletions: DocDeletions;
  review_rounds: ReviewRounds;
  review_round_modules: ReviewRoundModules;
  inputs: Inputs;
  input_authors: InputAuthors;
  anchors: Anchors;
  suggestions: Suggestions;
  suggestion_authors: SuggestionAuthors;
  workshops: Workshops;
  workshop_members: WorkshopMembers;
  checkpoints: Checkpoints;
  held_updates: HeldUpdates;
  rescues: Rescues;
  anchor_events: AnchorEvents;
  decision_undos: DecisionUndos;
  sentence_sources: SentenceSources;
  supports: Supports;
  moderation_events: ModerationEvents;
  decisions: Decisions;
  decision_inputs: DecisionInputs;
  versions: Versions;
  version_modules: VersionModules;
  provenance: Provenance;
  audit_events: AuditEvents;
  audit_head: AuditHead;
}

/** A text in one or more languages, as JSON: `{"en":"…","es":"…"}`. */
export type Multilingual = string;

interface People {
  id: string;
  /** better-auth's user id; the only link between a person and an e-mail address. */
  account_id: string | null;
  /** The name its owner chose to show. */
  name: string;
  created_at: string;
}

interface Roles {
  id: string;
  person_id: string;
  /** Null for the steward, whose role is the whole installation's. */
  curriculum_id: string | null;
  role: string;
  granted_by: string | null;
  granted_at: string;
}

interface Invitations {
  id: string;
  email: string;
  name: string;
  /** Null for a steward. */
  curriculum_id: string | null;
  role: string;
  invited_by: string;
  created_at: string;
  accepted_at: string | null;
}

interface SetupLinks {
  token_hash: string;
  created_at: string;
  used_at: string | null;
}

interface Curricula {
  id: string;
  slug: string;
  title: Multilingual;
  summary: Multilingual;
  agency: string;
  jurisdiction: string;
  status: string;
  licence: string;
  owner: string;
  approver: string;
  effective_from: string | null;
  effective_to: string | null;
  adapted_from: string;
  /** The hours the whole course must add up to, in minutes; null while not set. */
  minutes: number | null;
  created_at: string;
  updated_at: string;
}

interface Modules {
  id: string;
  curriculum_id: string;
  slug: string;
  /** Unique within its curriculum; the modules' order. */
  position: number;
  title: Multilingual;
  goal: Multilingual;
  audience: string;
  prerequisites: string;
  minutes: number;
  mode: string;
  max_students: number | null;
  facilities: string;
  equipment: string;
  safety_plan: string;
  content_warning: Multilingual;
  /** The language of the leading draft. */
  language: string;
  created_at: string;
  updated_at: string;
}

interface Documents {
  id: string;
  kind: "draft" | "workshop";
  module_id: string;
  language: string;
  forked_from: string | null;
  /** A merged Yjs update holding everything up to `state_seq`; null before the first snapshot. */
  state: Buffer | null;
  /** The last `doc_updates.seq` that `state` holds. */
  state_seq: number;
  created_at: string;
}

interface DocUpdates {
  seq: Generated<number>;
  doc_id: string;
  /** A person, or null for the server itself. */
  author_id: string | null;
  /** `socket`, `import`, `decision:<its id>`, `restore` or `repair`. */
  origin: string;
  at: string;
  bytes: Buffer;
  /** JSON: the ranges in it whose words are somebody else's, moved here by `author_id`. */
  carried: string | null;
}

/** Who wrote what: a range of one Yjs client's clock, `to_clock` not included. */
interface DocRuns {
  doc_id: string;
  client: number;
  from_clock: number;
  to_clock: number;
  /** Whose words they are; null for the server's own. */
  author_id: string | null;
  via: string;
  /** Whose client it is: who typed the words, or moved them here. */
  writer_id: string | null;
}

/** Who took out what. */
interface DocDeletions {
  doc_id: string;
  client: number;
  from_clock: number;
  to_clock: number;
  author_id: string | null;
}

interface ReviewRounds {
  id: string;
  curriculum_id: string;
  title: Multilingual;
  question: Multilingual;
  opens_at: string;
  closes_at: string;
  created_by: string;
  created_at: string;
}

interface ReviewRoundModules {
  round_id: string;
  module_id: string;
}

interface Inputs {
  /** The order of arrival: clocks may go back, this doesn't. */
  seq: Generated<number>;
  id: string;
  receipt: string;
  kind: string;
  /** Set on a reply, and only there: the input it answers. */
  parent_id: string | null;
  curriculum_id: string;
  module_id: string | null;
  document_id: string | null;
  round_id: string | null;
  channel: string;
  language: string;
  body: string;
  /** The name its author chose to show; null for none. */
  name: string | null;
  status: string;
  /** Cut to the hour: an exact time could unmask a person. */
  submitted_at: string;
  /** What the form carried, so that sending it twice counts once. */
  submission_key: string;
}

/** Identity, kept apart from words: never joined by a public query. */
interface InputAuthors {
  input_id: string;
  /** A keyed hash of the device or account, different for each curriculum. */
  author_key: string;
  person_id: string | null;
}

interface Anchors {
  input_id: string;
  document_id: string;
  scope: "passage" | "paragraph";
  /** Y.RelativePosition, encoded; start has assoc 0, end has assoc -1. */
  start_pos: Buffer;
  end_pos: Buffer;
  block_id: string;
  quote: string;
  prefix: string;
  suffix: string;
}

interface Suggestions {
  input_id: string;
  document_id: string;
  block_id: string;
  base_text: string;
  proposed_text: string;
  status: string;
  /** The `doc_updates.seq` that wrote it into the draft. */
  applied_seq: number | null;
  /** The workshop copy it comes from; null for one that was written as a form. */
  workshop_id: Generated<string | null>;
  /** The change, as JSON, where it is more than another wording of one block. */
  hunk: Generated<string | null>;
  /** Tells whether a difference in the workshop copy is this one. */
  hunk_key: Generated<string | null>;
}

/** Who wrote a suggestion from a workshop copy, under the names they chose there. */
interface SuggestionAuthors {
  input_id: string;
  person_id: string;
  name: string;
}

/** A copy of a draft that people co-edit; its document is of kind `workshop`. */
interface Workshops {
  document_id: string;
  curriculum_id: string;
  round_id: string | null;
  title: string;
  /** `open`, `frozen` (nobody writes for now) or `closed` (for good). */
  status: string;
  /** The draft it is compared with, as a Yjs state, and that state's last `doc_updates.seq`. */
  base: Buffer;
  base_seq: number;
  /** The clocks the copy began with, as a state vector: what is written there is the draft's. */
  fork_vector: Generated<Buffer | null>;
  /** Short, to be read out; and for links, of at least 80 bits. Null once closed. */
  join_code: string | null;
  join_token: string | null;
  /** When they stop letting people in. */
  join_until: string | null;
  opened_by: string;
  opened_at: string;
  closed_at: string | null;
}

/** Who joined a workshop copy. Without an account, a person is known by their browser's key alone. */
interface WorkshopMembers {
  id: string;
  document_id: string;
  person_id: string;
  device_key: string | null;
  name: string;
  /** `write`, `watch`, or `none` for whoever was taken out: their name stays with their words. */
  may: string;
  joined_at: string;
}

/** A workshop copy as it was, to go back to. */
interface Checkpoints {
  id: string;
  document_id: string;
  reason: string;
  made_by: string | null;
  at: string;
  seq: number;
  state: Buffer;
}

/** An update that would take out much of a workshop copy: it waits for a facilitator. */
interface HeldUpdates {
  id: string;
  document_id: string;
  person_id: string;
  bytes: Buffer;
  /** How many words it takes out. */
  words: number;
  at: string;
  status: string;
  settled_by: string | null;
  settled_at: string | null;
}

/** Words that arrived where their passage had been replaced: kept for somebody to put back. */
interface Rescues {
  id: string;
  document_id: string;
  person_id: string;
  /** The block nearest to where they stood. */
  block_id: string | null;
  text: string;
  at: string;
  status: string;
  settled_by: string | null;
  settled_at: string | null;
}

/** An adopted change that was taken back; the decision itself stays in the record. */
interface DecisionUndos {
  decision_id: string;
  reason: string;
  undone_by: string;
  at: string;
  before_text: string;
  after_text: string;
  /** The `doc_updates.seq` that wrote it into the draft; null when the text read so already. */
  seq: number | null;
  /** The version that says so; null until one is published. */
  version_id: string | null;
}

/**
 * What became of an anchor that didn't hold by itself: found or lost by a version, or settled by a
 * trainer (`person_id`) or by its author, of whom nothing is kept here.
 */
interface AnchorEvents {
  seq: Generated<number>;
  input_id: string;
  /** `confirmed`, `moved`, `placed` or `lost`. */
  action: string;
  from_quote: string;
  to_quote: string;
  /** Where it is since then; null when it has no place. */
  block_id: string | null;
  person_id: string | null;
  version_id: string | null;
  at: string;
}

/** Who and what stands behind one sentence of a version: an input, or a person by their words. */
interface SentenceSources {
  version_id: string;
  module_id: string;
  language: string;
  block_id: string;
  /** The how-manieth of its block, from 0. */
  sentence: number;
  hash: string;
  /** `input:<id>` or `person:<id>`. */
  source: string;
  input_id: string | null;
  decision_id: string | null;
  person_id: string | null;
  via: string | null;
  words: number;
}

interface Supports {
  input_id: string;
  supporter_key: string;
  at: string;
}

interface ModerationEvents {
  seq: Generated<number>;
  input_id: string;
  action: string;
  from_status: string;
  to_status: string;
  reason_code: string | null;
  reason: string;
  moderator_id: string;
  at: string;
}

interface Decisions {
  id: string;
  curriculum_id: string;
  outcome: string;
  reason: string;
  /** Where the text changed, and how it read before and after; null when it didn't. */
  module_id: string | null;
  document_id: string | null;
  block_id: string | null;
  before_text: string | null;
  after_text: string | null;
  decided_by: string;
  at: string;
  /** The version that carries it; null until one is published. */
  version_id: string | null;
  /** JSON: the changes that take it out of the draft again; null where it changed no text. */
  inverse: Generated<string | null>;
}

interface DecisionInputs {
  decision_id: string;
  input_id: string;
}

interface Versions {
  id: string;
  curriculum_id: string;
  n: number;
  /** The curriculum's own fields as they were, as JSON. */
  fields: string;
  /** What the trainer wrote about this version. */
  note: string;
  /** SHA-256 over the canonical JSON of everything published. */
  sha256: string;
  based_on: string | null;
  cut_by: string;
  at: string;
}

interface VersionModules {
  version_id: string;
  module_id: string;
  language: string;
  slug: string;
  position: number;
  /** The module's fields as they were, as JSON. */
  fields: string;
  /** The text as ProseMirror JSON. */
  content: string;
  /** The text as a Yjs state, so that anchors can be resolved in it. */
  state: Buffer;
}

interface Provenance {
  version_id: string;
  module_id: string;
  language: string;
  block_id: string;
  input_id: string;
  decision_id: string;
  /** `changed`: the words are here because of it; `considered`: it was weighed here. */
  relation: "changed" | "considered";
}

interface AuditEvents {
  seq: number;
  at: string;
  /** Role and chosen name, as JSON; never an identity. */
  actor: string;
  verb: string;
  subject: string;
  data: string;
  prev_hash: string;
  hash: string;
}

/** One row: the end of the chain. Locked by whoever appends. */
interface AuditHead {
  id: number;
  seq: number;
  hash: string;
}
