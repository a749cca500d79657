import * as z from "zod";
import type { NotKept } from "../../document/import.ts";
import { LANGUAGES } from "../../i18n/i18n.ts";

/** What a Word file may hold besides that a draft has no place for. */
export const WORD_ONLY = ["chart", "equation", "comment", "trackedChange", "pageHeader"] as const;

/** Something in a file that was not kept: its kind, a taste of it if it has words, and how often. */
export type Lost = {
  what: NotKept["what"] | (typeof WORD_ONLY)[number];
  text: string;
  count: number;
};

/** A module's address stands for its draft; nothing means a new module. */
export const importForm = z
  .object({
    // A browser sends an empty file without a name when none was chosen.
    file: z
      .instanceof(File, { error: "drafts:noFile" })
      .refine(({ name, size }) => name !== "" || size > 0, "drafts:noFile"),
    module: z.string().default(""),
    title: z.string().trim().max(200, "errors:tooLong").default(""),
    language: z.enum(LANGUAGES, "errors:required"),
    mode: z.enum(["append", "replace"]).default("append"),
    confirm: z.boolean().default(false),
  })
  .refine(({ module, mode, confirm }) => !module || mode === "append" || confirm, {
    path: ["confirm"],
    message: "drafts:confirmReplace",
  });
export type ImportFields = z.infer<typeof importForm>;
