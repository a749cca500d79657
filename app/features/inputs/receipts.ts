/** Crockford's base 32: no I, L, O or U, so that a code can be read out and written down. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** A new code of 60 random bits, as it is kept: without dashes. */
export function newReceipt(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("");
}

/** The code as people see it: `7KQ2-M4XD-9TRA`. */
export function formatReceipt(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

/**
 * Reads a code as somebody typed it: any case, dashes or spaces anywhere, O for 0, I or L for 1.
 * Null when it can't be one.
 */
export function parseReceipt(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}._]/gu, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return code.length === LENGTH && [...code].every((sign) => ALPHABET.includes(sign)) ? code : null;
}
