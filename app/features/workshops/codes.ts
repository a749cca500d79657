/**
 * Signs that neither look nor sound alike when a code is read out, in English or in Spanish: no O
 * and 0, I and 1, S and 5, Z and 2, U and V, M and N, and of B, D, G, P, T only the last.
 */
const ALPHABET = "23456789ACFHJKMRTWXY";
const LENGTH = 8;

/** A new code to join with, without its dash: 8 of 20 signs, 2.6e10 codes. */
export function newJoinCode(): string {
  let code = "";
  while (code.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // Bytes beyond the last multiple would make some signs likelier.
      if (byte < 240 && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length];
    }
  }
  return code;
}

/** A new part of a link to join by: 144 random bits. */
export function newJoinToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

/** The code as people see it: `7KH2-M4XA`. */
export function formatJoinCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

/** A code as somebody typed it: any case, dashes or blanks anywhere. Null when it can't be one. */
export function parseJoinCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\p{Pd}._]/gu, "");
  return code.length === LENGTH && [...code].every((sign) => ALPHABET.includes(sign)) ? code : null;
}

/** A link's part that can be one of ours. */
export function isJoinToken(text: string): boolean {
  return /^[\w-]{24}$/.test(text);
}
