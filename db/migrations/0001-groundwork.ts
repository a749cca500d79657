import { type Kysely, sql } from "kysely";
import { columnTypes } from "../dialects/columns.ts";

const STATUSES = "'waiting','held','returned','approved','rejected','withdrawn'";

export async function up(db: Kysely<unknown>): Promise<void> {
  const { bytes, integer64, sequence, end } = columnTypes(db);
  const statements = [
    `create table people (
      id text primary key,
      account_id text unique,
      name text not null check (length(name) between 1 and 80),
      created_at text not null
    )${end}`,

    `create table curricula (
      id text primary key,
      slug text not null unique,
      title text not null,
      summary text not null,
      agency text not null,
      jurisdiction text not null,
      status text not null check (status in
        ('draft','in_review','pilot','approved','effective','superseded','withdrawn')),
      licence text not null,
      owner text not null,
      approver text not null,
      effective_from text,
      effective_to text,
      adapted_from text not null,
      minutes integer check (minutes > 0),
      created_at text not null,
      updated_at text not null
    )${end}`,

    `create table roles (
      id text primary key,
      person_id text not null references people,
      curriculum_id text references curricula,
      role text not null check (role in ('steward','trainer','facilitator','moderator','board')),
      granted_by text references people,
      granted_at text not null,
      check ((role = 'steward') = (curriculum_id is null))
    )${end}`,
    "create unique index roles_once on roles (person_id, curriculum_id, role) where curriculum_id is not null",
    "create unique index roles_steward_once on roles (person_id) where curriculum_id is null",
    "create index roles_by_curriculum on roles (curriculum_id)",

    `create table invitations (
      id text primary key,
      email text not null,
      name text not null,
      curriculum_id text references curricula,
      role text not null check (role in ('steward','trainer','facilitator','moderator','board')),
      invited_by text not null references people,
      created_at text not null,
      accepted_at text,
      check ((role = 'steward') = (curriculum_id is null))
    )${end}`,
    "create index invitations_open on invitations (email) where accepted_at is null",

    `create table setup_links (
      token_hash text primary key,
      created_at text not null,
      used_at text
    )${end}`,

    `create table modules (
      id text primary key,
      curriculum_id text not null references curricula,
      slug text not null,
      position integer not null,
      title text not null,
      goal text not null,
      audience text not null,
      prerequisites text not null,
      minutes integer not null check (minutes >= 0),
      mode text not null check (mode in ('in_person','virtual','blended')),
      max_students integer check (max_students > 0),
      facilities text not null,
      equipment text not null,
      safety_plan text not null,
      content_warning text not null,
      language text not null,
      created_at text not null,
      updated_at text not null,
      unique (curriculum_id, slug)
    )${end}`,
    "create index modules_in_order on modules (curriculum_id, position)",

    `create table documents (
      id text primary key,
      kind text not null check (kind in ('draft','workshop')),
      module_id text not null references modules,
      language text not null,
      forked_from text references documents,
      state ${bytes},
      state_seq integer not null default 0,
      created_at text not null
    )${end}`,
    "create unique index documents_one_draft on documents (module_id, language) where kind = 'draft'",

    `create table doc_updates (
      seq ${sequence},
      doc_id text not null references documents,
      author_id text references people,
      origin text not null,
      at text not null,
      bytes ${bytes} not null
    )${end}`,
    "create index doc_updates_of on doc_updates (doc_id, seq)",

    `create table doc_runs (
      doc_id text not null references documents,
      client ${integer64} not null,
      from_clock integer not null,
      to_clock integer not null,
      author_id text references people,
      via text not null,
      primary key (doc_id, client, from_clock)
    )${end}`,

    `create table review_rounds (
      id text primary key,
      curriculum_id text not null references curricula,
      title text not null,
      question text not null,
      opens_at text not null,
      closes_at text not null,
      created_by text not null references people,
      created_at text not null,
      check (opens_at < closes_at)
    )${end}`,
    "create index review_rounds_of on review_rounds (curriculum_id, closes_at)",
    `create table review_round_modules (
      round_id text not null references review_rounds,
      module_id text not null references modules,
      primary key (round_id, module_id)
    )${end}`,
    "create index review_round_modules_of on review_round_modules (module_id)",

    `create table inputs (
      seq ${sequence},
      id text not null unique,
      receipt text not null unique,
      kind text not null check (kind in ('comment','suggestion','question','story','reply')),
      parent_id text references inputs (id),
      curriculum_id text not null references curricula,
      module_id text references modules,
      document_id text references documents,
      round_id text references review_rounds,
      channel text not null check (channel in ('web','session','card','phone','email','mail','sms')),
      language text not null,
      body text not null,
      name text,
      status text not null check (status in (${STATUSES})),
      submitted_at text not null,
      submission_key text not null unique,
      check ((kind = 'reply') = (parent_id is not null))
    )${end}`,
    "create index inputs_queue on inputs (curriculum_id, status, seq)",
    "create index inputs_of_document on inputs (document_id, status)",
    "create index inputs_of_module on inputs (module_id, status)",
    "create index inputs_replies on inputs (parent_id)",

    `create table input_authors (
      input_id text primary key references inputs (id),
      author_key text not null,
      person_id text references people
    )${end}`,
    "create index input_authors_by_person on input_authors (person_id)",

    `create table anchors (
      input_id text primary key references inputs (id),
      document_id text not null references documents,
      scope text not null check (scope in ('passage','paragraph')),
      start_pos ${bytes} not null,
      end_pos ${bytes} not null,
      block_id text not null,
      quote text not null,
      prefix text not null,
      suffix text not null
    )${end}`,
    "create index anchors_of on anchors (document_id)",

    `create table suggestions (
      input_id text primary key references inputs (id),
      document_id text not null references documents,
      block_id text not null,
      base_text text not null,
      proposed_text text not null,
      status text not null check (status in
        ('open','approved','applied','conflict','declined','withdrawn')),
      applied_seq integer,
      check (base_text <> proposed_text)
    )${end}`,

    `create table supports (
      input_id text not null references inputs (id),
      supporter_key text not null,
      at text not null,
      primary key (input_id, supporter_key)
    )${end}`,

    `create table moderation_events (
      seq ${sequence},
      input_id text not null references inputs (id),
      action text not null check (action in ('approve','hold','return','reject','undo')),
      from_status text not null check (from_status in (${STATUSES})),
      to_status text not null check (to_status in (${STATUSES})),
      reason_code text,
      reason text not null,
      moderator_id text not null references people,
      at text not null
    )${end}`,
    "create index moderation_events_of on moderation_events (input_id, seq)",

    `create table versions (
      id text primary key,
      curriculum_id text not null references curricula,
      n integer not null,
      fields text not null,
      note text not null,
      sha256 text not null,
      based_on text references versions,
      cut_by text not null references people,
      at text not null,
      unique (curriculum_id, n)
    )${end}`,

    `create table decisions (
      id text primary key,
      curriculum_id text not null references curricula,
      outcome text not null check (outcome in
        ('adopted','partly_adopted','already_covered','declined','out_of_scope','referred')),
      reason text not null check (length(reason) > 0),
      module_id text references modules,
      document_id text references documents,
      block_id text,
      before_text text,
      after_text text,
      decided_by text not null references people,
      at text not null,
      version_id text references versions
    )${end}`,
    "create index decisions_unpublished on decisions (curriculum_id, version_id)",
    "create index decisions_in_version on decisions (version_id)",

    `create table decision_inputs (
      input_id text primary key references inputs (id),
      decision_id text not null references decisions
    )${end}`,
    "create index decision_inputs_of on decision_inputs (decision_id)",

    `create table version_modules (
      version_id text not null references versions,
      module_id text not null references modules,
      language text not null,
      slug text not null,
      position integer not null,
      fields text not null,
      content text not null,
      state ${bytes} not null,
      primary key (version_id, module_id, language)
    )${end}`,

    `create table provenance (
      version_id text not null references versions,
      module_id text not null references modules,
      language text not null,
      block_id text not null,
      input_id text not null references inputs (id),
      decision_id text not null references decisions,
      relation text not null check (relation in ('changed','considered')),
      primary key (version_id, module_id, language, block_id, input_id)
    )${end}`,
    "create index provenance_by_input on provenance (input_id)",

    `create table audit_events (
      seq integer primary key,
      at text not null,
      actor text not null,
      verb text not null,
      subject text not null,
      data text not null,
      prev_hash text not null,
      hash text not null unique
    )${end}`,
    "create index audit_events_about on audit_events (subject)",
    `create table audit_head (
      id integer primary key check (id = 1),
      seq integer not null,
      hash text not null
    )${end}`,
    "insert into audit_head (id, seq, hash) values (1, 0, '')",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
