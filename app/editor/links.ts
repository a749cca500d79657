import { SAFE_LINK } from "../document/schema.ts";

/** The server takes no longer one. */
const LONGEST = 2000;

/**
 * What somebody typed as an address, made whole: "example.org" gets https://, a mail address
 * mailto:. Null when it can't be a link.
 */
export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  if (!text || text.length > LONGEST || /\s/.test(text)) return null;
  if (SAFE_LINK.test(text)) return isWhole(text) ? text : null;
  if (/^[^@/:]+@[^@/:]+\.[^@/:]+$/.test(text)) return `mailto:${text}`;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)) return null;
  const address = `https://${text}`;
  return isWhole(address) && new URL(address).hostname.includes(".") ? address : null;
}

function isWhole(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, pathname } = new URL(address);
  return protocol === "mailto:" ? pathname.includes("@") : hostname !== "";
}
