import { createHash } from "node:crypto";
import { toMarkdown } from "../../document/markdown.ts";
import type { DocJSON } from "../../document/schema.ts";
import { inLanguage } from "../../i18n/i18n.ts";
import type { Curriculum, Module } from "../curricula/curricula.server.ts";
import { curriculumValues, moduleValues } from "../curricula/curricula.ts";
import type { Draft } from "./drafts.server.ts";

/** A curriculum and its modules for programs. */
export function curriculumJson(curriculum: Curriculum, modules: readonly Module[]) {
  return {
    address: `/curricula/${curriculum.slug}`,
    ...curriculumValues(curriculum),
    updatedAt: curriculum.updated_at,
    modules: modules.map((module) => moduleJson(curriculum, module)),
  };
}

function moduleJson(curriculum: Curriculum, module: Module) {
  return {
    address: `/curricula/${curriculum.slug}/modules/${module.slug}`,
    position: module.position,
    ...moduleValues(module),
    updatedAt: module.updated_at,
  };
}

/** A draft for programs: its module's fields, and its text as it is at log entry `seq`. */
export function draftJson({ curriculum, module, documentId, language, languages, view }: Draft) {
  return {
    ...moduleJson(curriculum, module),
    documentId,
    seq: view.seq,
    textLanguage: language,
    languages,
    text: view.json,
  };
}

/** A draft as Markdown, its title first. */
export function draftMarkdown({ module, language, view }: Draft): string {
  return `# ${oneLine(inLanguage(module.title, language))}\n\n${toMarkdown(view.json)}`;
}

/** A curriculum as Markdown: its title, its summary and its modules' drafts one after another. */
export function curriculumMarkdown(
  curriculum: Curriculum,
  language: string,
  drafts: readonly { module: Module; text: DocJSON }[],
): string {
  const parts = [
    `# ${oneLine(inLanguage(curriculum.title, language))}`,
    inLanguage(curriculum.summary, language),
    ...drafts.map(
      ({ module, text }) =>
        `# ${oneLine(inLanguage(module.title, language))}\n\n${toMarkdown(text)}`,
    ),
  ];
  return `${parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join("\n\n")}\n`;
}

const oneLine = (title: string) => title.replace(/\s+/g, " ").replace(/([\\`*_[\]<#])/g, "\\$1");

const TYPES = { json: "application/json", md: "text/markdown" } as const;
export type Format = keyof typeof TYPES;

export function isFormat(value: string | undefined): value is Format {
  return value !== undefined && Object.hasOwn(TYPES, value);
}

/**
 * An answer for programs. It carries an ETag of its content, and is empty when the asker has it
 * already.
 */
export function formatted(request: Request, format: Format, content: unknown): Response {
  const body = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 32)}"`;
  const headers = {
    "Content-Type": `${TYPES[format]}; charset=utf-8`,
    "Cache-Control": "no-cache",
    Vary: "Cookie",
    ETag: etag,
  };
  const known = (request.headers.get("If-None-Match") ?? "").includes(etag);
  return known ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}
