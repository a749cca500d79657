import { type Kysely, sql } from "kysely";
import { columnTypes } from "../dialects/columns.ts";

/** Workshop copies, suggestions that change more than one passage, and what goes with them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { bytes, sequence, end } = columnTypes(db);
  const statements = [
    `create table workshops (
      document_id text primary key references documents,
      curriculum_id text not null references curricula,
      round_id text references review_rounds,
      title text not null,
      status text not null check (status in ('open','frozen','closed')),
      base ${bytes} not null,
      base_seq integer not null,
      fork_vector ${bytes},
      join_code text unique,
      join_token text unique,
      join_until text,
      opened_by text not null references people,
      opened_at text not null,
      closed_at text,
      check ((status = 'closed') = (closed_at is not null)),
      check ((join_code is null) = (join_until is null) and (join_token is null) = (join_until is null)),
      check (status <> 'closed' or join_until is null)
    )${end}`,
    "create index workshops_of on workshops (curriculum_id, opened_at)",

    `create table workshop_members (
      id text primary key,
      document_id text not null references workshops,
      person_id text not null references people,
      device_key text,
      name text not null check (length(name) between 1 and 80),
      may text not null check (may in ('write','watch','none')),
      joined_at text not null,
      unique (document_id, person_id)
    )${end}`,
    "create unique index workshop_members_by_device on workshop_members (document_id, device_key) where device_key is not null",

    `create table checkpoints (
      id text primary key,
      document_id text not null references workshops,
      reason text not null check (reason in
        ('opened','regular','asked','before_restore','before_release','before_refresh')),
      made_by text references people,
      at text not null,
      seq integer not null,
      state ${bytes} not null
    )${end}`,
    "create index checkpoints_of on checkpoints (document_id, at)",

    `create table held_updates (
      id text primary key,
      document_id text not null references workshops,
      person_id text not null references people,
      bytes ${bytes} not null,
      words integer not null check (words > 0),
      at text not null,
      status text not null check (status in ('held','released','discarded')),
      settled_by text references people,
      settled_at text,
      check ((status = 'held') = (settled_at is null))
    )${end}`,
    "create index held_updates_of on held_updates (document_id, status)",

    `create table rescues (
      id text primary key,
      document_id text not null references documents,
      person_id text not null references people,
      block_id text,
      text text not null check (length(text) > 0),
      at text not null,
      status text not null check (status in ('open','used','dismissed')),
      settled_by text references people,
      settled_at text,
      check ((status = 'open') = (settled_at is null))
    )${end}`,
    "create index rescues_of on rescues (document_id, status)",

    `create table suggestions_with_hunks (
      input_id text primary key references inputs (id),
      document_id text not null references documents,
      block_id text not null,
      base_text text not null,
      proposed_text text not null,
      status text not null check (status in
        ('open','approved','applied','conflict','declined','withdrawn')),
      applied_seq integer,
      workshop_id text references workshops,
      hunk text,
      hunk_key text,
      check (base_text <> proposed_text or hunk is not null),
      check ((hunk is null) = (hunk_key is null))
    )${end}`,
    `insert into suggestions_with_hunks
      (input_id, document_id, block_id, base_text, proposed_text, status, applied_seq)
      select input_id, document_id, block_id, base_text, proposed_text, status, applied_seq
      from suggestions`,
    "drop table suggestions",
    "alter table suggestions_with_hunks rename to suggestions",
    "create index suggestions_of_workshop on suggestions (workshop_id) where workshop_id is not null",

    `create table suggestion_authors (
      input_id text not null references inputs (id),
      person_id text not null references people,
      name text not null,
      primary key (input_id, person_id)
    )${end}`,

    `create table decision_undos (
      decision_id text primary key references decisions,
      reason text not null check (length(reason) > 0),
      undone_by text not null references people,
      at text not null,
      before_text text not null,
      after_text text not null,
      seq integer,
      version_id text references versions
    )${end}`,
    "alter table decisions add column inverse text",

    `create table anchor_events (
      seq ${sequence},
      input_id text not null references inputs (id),
      action text not null check (action in ('confirmed','moved','placed','lost')),
      from_quote text not null,
      to_quote text not null,
      block_id text,
      person_id text references people,
      version_id text references versions,
      at text not null
    )${end}`,
    "create index anchor_events_of on anchor_events (input_id, seq)",

    `create table sentence_sources (
      version_id text not null references versions,
      module_id text not null references modules,
      language text not null,
      block_id text not null,
      sentence integer not null,
      hash text not null,
      source text not null,
      input_id text references inputs (id),
      decision_id text references decisions,
      person_id text references people,
      via text,
      words integer not null,
      primary key (version_id, module_id, language, block_id, sentence, source),
      check ((input_id is null) <> (person_id is null))
    )${end}`,
    "create index sentence_sources_by_input on sentence_sources (input_id)",
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
