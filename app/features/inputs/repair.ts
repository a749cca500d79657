import * as z from "zod";
import { Invalid } from "../../errors.ts";
import { MAX_PASSAGE } from "./inputs.ts";

const offset = z.coerce.number().int().min(0).max(1_000_000).optional().catch(undefined);
const newlines = (text: string | undefined) => text?.replace(/\r\n?/g, "\n");

/**
 * Where an input belongs now. `confirmed` and `moved` name a paragraph, and some words of it or
 * none; `lost` says that it has no place any more.
 */
export const repairForm = z.object({
  input: z.string().max(64).optional(),
  action: z.enum(["confirmed", "moved", "lost"], { error: "repair:errors.choose" }),
  /** The last that was said of this anchor when the form was opened. */
  rev: z.coerce.number().int().min(0),
  block: z.string({ error: "repair:errors.choose" }).max(64).optional(),
  start: offset,
  end: offset,
  quote: z.string().max(MAX_PASSAGE).optional().transform(newlines),
  /** The paragraph as it was shown. */
  base: z.string().max(50_000).optional().transform(newlines),
  /** The language of the draft it was chosen in. */
  text: z.string().max(35).optional(),
});
export type RepairForm = z.infer<typeof repairForm>;

/** Reads the form of a repair. Throws Invalid when it says nothing. */
export function readRepair(form: FormData): RepairForm {
  const read = repairForm.safeParse(Object.fromEntries(form));
  if (!read.success) throw new Invalid("repair:errors.choose");
  return read.data;
}
