import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Invalid } from "#app/errors.ts";
import { formOf, refusalOf } from "#app/request.server.ts";

const post = (body: BodyInit, type?: string) =>
  new Request("http://groundwork.test/", {
    method: "POST",
    body,
    headers: type ? { "Content-Type": type } : {},
  });
const refused = { data: { key: "errors:refused" }, init: { status: 400 } };

describe("a form that is sent", () => {
  it("is read as it was filled in, fields that are there twice too", async () => {
    const form = await formOf(post(new URLSearchParams("body=Héllo+😀&modules=a&modules=b")));
    expect([...form]).toEqual([
      ["body", "Héllo 😀"],
      ["modules", "a"],
      ["modules", "b"],
    ]);
  });

  it("keeps its file, and loses null characters", async () => {
    const sent = new FormData();
    sent.set("file", new File(["a\0b"], "a.md"));
    sent.set("title", "a\0b");
    const form = await formOf(post(sent));
    expect(form.get("title")).toBe("ab");
    expect(await (form.get("file") as File).text()).toBe("a\0b");
  });

  it.each([
    "email[999999999]",
    "email[4294967294].x",
    "a.b",
    "__proto__.x",
    "__intent__",
    "__state__",
    "constructor.prototype.y",
    "",
  ])("is refused when it has a field named %j", async (name) => {
    await expect(formOf(post(new URLSearchParams({ [name]: "1" })))).rejects.toMatchObject(refused);
  });

  it.each([
    ["{}", "application/json"],
    ["a=1", "text/plain"],
    ["abc", "multipart/form-data; boundary=x"],
    ["--x\r\nContent-Dis", "multipart/form-data; boundary=x"],
    ["abc", "multipart/form-data"],
  ])("is refused in words when it is none: %s as %s", async (body, type) => {
    await expect(formOf(post(body, type))).rejects.toMatchObject(refused);
  });

  it("is read in no other way by any page", () => {
    const pages = readdirSync("app/routes").map((name) => `app/routes/${name}`);
    const own = pages.filter((page) => readFileSync(page, "utf8").includes(".formData()"));
    expect(own).toEqual([]);
  });
});

describe("what went wrong", () => {
  const thrown = (code: string) => Object.assign(new Error("no"), { code });

  it.each([
    [new Invalid("inputs:errors.empty"), 422, "inputs:errors.empty"],
    [thrown("SQLITE_FULL"), 507, "errors:diskFull"],
    [thrown("ENOSPC"), 507, "errors:diskFull"],
    [thrown("SQLITE_CONSTRAINT_UNIQUE"), 409, "errors:conflict"],
    [thrown("23505"), 409, "errors:conflict"],
    [thrown("40P01"), 409, "errors:conflict"],
  ])("is said in words: %s", (error, status, key) => {
    expect(refusalOf(error)).toMatchObject({ status, text: { key } });
  });

  it("is left to the log when nobody could do anything about it", () => {
    expect(refusalOf(thrown("SQLITE_CORRUPT"))).toBe(null);
    expect(refusalOf("no")).toBe(null);
  });
});
