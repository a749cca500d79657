import { expect, it } from "vitest";
import { describe } from "#server/logger.ts";

it("logs an error without the address it was about", () => {
  const error = new Error("550 5.1.1 <maría.perez+x@mail.example.org>: Recipient rejected");
  const logged = JSON.stringify(describe(Object.assign(error, { code: "EENVELOPE" })));
  expect(logged).not.toContain("perez");
  expect(logged).not.toContain("mail.example.org");
  expect(logged).toContain("EENVELOPE");
  expect(logged).toContain("Recipient rejected");
  expect(logged).toContain("logger.test.ts");
});
