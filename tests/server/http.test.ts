import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AppContext } from "#app/context.ts";
import { createHttp } from "#server/http.ts";
import { networkOf } from "#server/limits.ts";

const ORIGIN = "https://groundwork.test";
const OURS = { Origin: ORIGIN, "Content-Type": "application/x-www-form-urlencoded" };

describe("what is refused before any page is asked", () => {
  let server: Server;
  let reached: string[] = [];

  beforeAll(async () => {
    const log = { info() {}, error() {} };
    const http = createHttp({
      ctx: { origin: ORIGIN, log } as unknown as AppContext,
      trustProxy: false,
      clientKey: () => "",
      metrics: null,
      clientDir: "public",
      build: async () => {
        reached.push("page");
        throw new Error("no page");
      },
      vite: null,
    });
    server = createServer(http).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.close();
  });

  /** The status, once the headers are sent; the body is only announced. */
  async function ask(method: string, path: string, headers: Record<string, string> = {}) {
    reached = [];
    const { port } = server.address() as AddressInfo;
    const sent = request({ port, method, path, headers, agent: false });
    sent.on("error", () => {});
    sent.flushHeaders();
    if (!headers["Content-Length"]) sent.end();
    const [answer] = await once(sent, "response");
    answer.resume();
    sent.destroy();
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    return { status: answer.statusCode, page: reached.length > 0 };
  }

  it.each([
    ["an address that can't be decoded", "GET", "/%E0%A4%A", {}, 400],
    ["a null in the address", "GET", "/curricula/a%00b", {}, 400],
    ["a null in the search", "GET", "/people?q=%00", {}, 400],
    ["another method", "PUT", "/sign-in", OURS, 405],
    ["a trace", "TRACE", "/", {}, 405],
    ["a form from another site", "POST", "/sign-in", { Origin: "https://evil.test" }, 403],
    ["a form from nowhere", "POST", "/sign-in", { Origin: "null" }, 403],
    ["a form that doesn't say", "POST", "/sign-in.data", {}, 403],
    ["a form too large", "POST", "/sign-in", { ...OURS, "Content-Length": "1048577" }, 413],
    [
      "a file where none is taken",
      "POST",
      "/sign-in",
      { Origin: ORIGIN, "Content-Type": "multipart/form-data", "Content-Length": "2000000" },
      413,
    ],
    [
      "a file too large",
      "POST",
      "/curricula/x/import",
      { Origin: ORIGIN, "Content-Length": "20971521" },
      413,
    ],
    [
      "a body of unknown length",
      "POST",
      "/sign-in",
      { ...OURS, "Transfer-Encoding": "chunked" },
      411,
    ],
  ])("%s", async (_, method, path, headers, status) => {
    expect(await ask(method, path, headers)).toEqual({ status, page: false });
  });

  it.each([
    ["POST", "/sign-in", { ...OURS, "Content-Length": "2" }],
    ["POST", "/sign-in", { "Sec-Fetch-Site": "same-origin", "Content-Length": "2" }],
    ["POST", "/curricula/x/import", { ...OURS, "Content-Length": "2000000" }],
    ["GET", "/curricula/x/modules/y.json", {}],
    ["GET", "/", { Host: "what the proxy calls us" }],
  ])("and what isn't: %s %s", async (method, path, headers) => {
    expect((await ask(method, path, headers)).page).toBe(true);
  });
});

describe("one client", () => {
  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.9", "::ffff:203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["", ""],
  ])("of %s counts as %s", (address, network) => expect(networkOf(address)).toBe(network));
});

describe("an installation on this machine", () => {
  it("leads people from the machine's other names to the one that was printed", async () => {
    const http = createHttp({
      ctx: {
        origin: "http://localhost:3000",
        log: { info() {}, error() {} },
      } as unknown as AppContext,
      trustProxy: false,
      clientKey: () => "",
      metrics: null,
      clientDir: "public",
      build: async () => {
        throw new Error("no page");
      },
      vite: null,
    });
    const server = createServer(http).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const led = await fetch(`http://127.0.0.1:${port}//evil.test/work?lang=es`, {
      redirect: "manual",
    });
    expect(led.status).toBe(302);
    expect(led.headers.get("Location")).toBe("http://localhost:3000//evil.test/work?lang=es");
    server.close();
  });
});
