import { expect, it } from "vitest";
import { linkAddress } from "#app/editor/links.ts";

it.each([
  ["https://example.org/a?b=c", "https://example.org/a?b=c"],
  ["HTTP://example.org", "HTTP://example.org"],
  ["  example.org/page ", "https://example.org/page"],
  ["example.org:8080", "https://example.org:8080"],
  ["ana@example.org", "mailto:ana@example.org"],
  ["mailto:ana@example.org", "mailto:ana@example.org"],
])("makes a link of %s", (typed, address) => {
  expect(linkAddress(typed)).toBe(address);
});

it.each([
  "",
  "   ",
  "two words",
  "nodots",
  "https://",
  "mailto:nobody",
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  "data:text/html,x",
  "ftp://example.org",
  "file:///etc/passwd",
  `https://example.org/${"a".repeat(2000)}`,
])("refuses %s", (typed) => {
  expect(linkAddress(typed)).toBeNull();
});
