import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { startHybrid } from "./harness/hybrid.ts";
import { sendRaw } from "./harness/raw.ts";

const page = "https://app.example";
const start = (settings: Readonly<Record<string, unknown>> = {}) => startHybrid({ settings });
const messages = [{ role: "user", content: "hi" }];

describe.each([
  ["/v1/embeddings", "chat", { input: "hi" }],
  ["/v1/completions", "chat", { prompt: "hi" }],
  ["/v1/messages/count_tokens", "messages", { messages }],
] as const)("%s has the doors of every endpoint:", (path, wire, fields) => {
  const { readError, headers } = dialects[wire];
  const good = JSON.stringify({ model: "minimax local", ...fields });

  /** Nothing that is refused may reach a backend. */
  const nothingAsked = ({ hosted, local }: Awaited<ReturnType<typeof start>>): void =>
    expect([...hosted.requests, ...local.requests]).toEqual([]);

  it.each(["", "{", "[]", "null", '"hi"', `${good}${good}`])("400 for the body %j", async (body) => {
    const stack = await start();
    const reply = await stack.gateway.ask(path, { body, headers });
    expect(reply.status).toBe(400);
    expect(readError(reply.json)).toMatchObject({
      type: "invalid_request_error",
      message: expect.stringMatching(/JSON/),
    });
    nothingAsked(stack);
  });

  it("400 for a model that is no name", async () => {
    const stack = await start();
    const reply = await stack.gateway.ask(path, { body: { ...fields, model: 1 }, headers });
    expect([reply.status, readError(reply.json)?.message]).toEqual([400, "model must be a string"]);
    nothingAsked(stack);
  });

  it("401 without a key, and either header opens", async () => {
    const { gateway } = await start({ "gateway.keys": ["sk-one"] });
    const ask = (more: Readonly<Record<string, string>>) =>
      gateway.ask(path, { body: good, headers: { ...headers, ...more } });
    const refused = await ask({ authorization: "Bearer sk-two" });
    expect([refused.status, readError(refused.json)?.type]).toEqual([401, "authentication_error"]);
    expect((await ask({ authorization: "Bearer sk-one" })).status).not.toBe(401);
    expect((await ask({ "x-api-key": "sk-one" })).status).not.toBe(401);
  });

  it("403 for a page that is not listed, a preflight and readable answers for one that is", async () => {
    const { gateway } = await start({ "gateway.origins": [page] });
    const ask = (method: string, origin: string) => gateway.ask(path, { method, headers: { ...headers, origin } });
    expect((await ask("OPTIONS", "https://evil.example")).status).toBe(403);
    const preflight = await ask("OPTIONS", page);
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-methods"]).toBe("GET, POST, DELETE");
    const reply = await gateway.ask(path, { body: good, headers: { ...headers, origin: page } });
    expect(reply.headers["access-control-allow-origin"]).toBe(page);
  });

  it("405 with Allow for another method", async () => {
    const { gateway } = await start();
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const reply = await gateway.ask(path, { method, headers });
      expect([reply.status, reply.headers.allow]).toEqual([405, "POST"]);
      expect(readError(reply.json)?.message).toContain("POST");
    }
  });

  it("413 for a body over the limit, packed or not", async () => {
    const stack = await start({ "gateway.maxBody": 2000 });
    const large = JSON.stringify({ model: "minimax local", ...fields, more: "x".repeat(3000) });
    for (const [body, encoding] of [
      [large, "identity"],
      [gzipSync(large), "gzip"],
    ] as const) {
      const reply = await stack.gateway.ask(path, { body, headers: { ...headers, "content-encoding": encoding } });
      expect(reply.status).toBe(413);
    }
    nothingAsked(stack);
  });

  it("415 for a form, and for a packing that is not read", async () => {
    const stack = await start();
    const ask = (more: Readonly<Record<string, string>>) =>
      stack.gateway.ask(path, { body: good, headers: { ...headers, ...more } });
    expect((await ask({ "content-type": "text/plain" })).status).toBe(415);
    expect((await ask({ "content-encoding": "br" })).status).toBe(415);
    nothingAsked(stack);
  });

  it("whatever the query", async () => {
    const { gateway } = await start();
    const plain = await gateway.ask(path, { body: good, headers });
    const queried = await gateway.ask(`${path}?beta=true`, { body: good, headers });
    expect(queried.status).toBe(plain.status);
  });

  it("the same in process", async () => {
    const { gateway } = await start();
    for (const body of [good, "{", JSON.stringify({ model: "nobody", ...fields })]) {
      const served = await gateway.ask(path, { body, headers });
      const settings = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
      const reply = await gateway.router.fetch(`http://headgate${path}`, settings);
      expect(reply.status).toBe(served.status);
      expect(Object.keys((await reply.json()) as object)).toEqual(Object.keys(served.json as object));
    }
  });
});

describe("what was kept of earlier requests", () => {
  const paths = [
    ["/v1/responses/resp_1", "GET, DELETE"],
    ["/v1/responses/resp_1/input_items", "GET"],
    ["/v1/responses/resp_1/cancel", "POST"],
    ["/v1/responses/compact", "POST"],
  ] as const;

  it.each(paths)("%s takes %s", async (path, allow) => {
    const { gateway } = await start();
    for (const method of ["GET", "DELETE", "POST", "PUT"]) {
      const reply = await gateway.ask(path, { method, ...(method === "POST" ? { body: {} } : {}) });
      if (allow.includes(method)) expect(reply.status).not.toBe(405);
      else expect([reply.status, reply.headers.allow]).toEqual([405, allow]);
    }
  });

  it("may be asked for without a body, and not with one that is no JSON", async () => {
    const { gateway } = await start();
    const path = "/v1/responses/resp_1/cancel";
    const bare = await sendRaw(gateway.port, `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`);
    expect(bare.status).toBe(404);
    expect((await gateway.ask(path, { body: "{" })).status).toBe(400);
    expect((await gateway.ask(path, { body: "{}", headers: { "content-type": "text/plain" } })).status).toBe(415);
  });

  it("stays behind the key", async () => {
    const { gateway } = await start({ "gateway.keys": ["sk-one"] });
    for (const [path] of paths) expect((await gateway.ask(path)).status).toBe(401);
  });
});
