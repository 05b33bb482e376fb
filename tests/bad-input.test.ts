import { deflateSync, gzipSync } from "node:zlib";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import { hostedGreeting, startHybrid } from "./harness/hybrid.ts";
import { openRaw, sendRaw } from "./harness/raw.ts";

const start = (settings: Readonly<Record<string, unknown>> = {}) => startHybrid({ settings });

/** Nothing that is refused may reach a backend. */
const nothingAsked = ({ hosted, local }: Awaited<ReturnType<typeof start>>): void =>
  expect([...hosted.requests, ...local.requests]).toEqual([]);

describe.each(textWires)("a client of %s gets an error of its wire", (wire) => {
  const { path, headers, readError, writeRequest } = dialects[wire];
  const good = JSON.stringify(writeRequest(hello, "sonnet", false));

  it.each([
    ["no body", ""],
    ["malformed JSON", '{"model":"sonnet",'],
    ["text", "hello"],
    ["half a number", '{"model":1e}'],
    ["a list", "[]"],
    ["a string", '"sonnet"'],
    ["a number", "1"],
    ["null", "null"],
    ["two objects", `${good}${good}`],
  ])("400 for %s", async (_, body) => {
    const stack = await start();
    const reply = await stack.gateway.ask(path, { body, headers });
    expect(reply.status).toBe(400);
    expect(readError(reply.json)?.message).toMatch(/JSON/);
    expect(readError(reply.json)?.type).toBe("invalid_request_error");
    nothingAsked(stack);
  });

  it("404 for an unknown model, with near names", async () => {
    const stack = await start();
    const reply = await stack.gateway.say(wire, { model: "sonet" });
    expect(reply.status).toBe(404);
    expect(readError(reply.json)).toMatchObject({ type: "not_found_error" });
    expect(readError(reply.json)?.message).toContain('Did you mean: "Sonnet"');
    nothingAsked(stack);
  });

  it("404 for a ref to a provider that nobody configured", async () => {
    const stack = await start();
    const reply = await stack.gateway.say(wire, { model: "nobody/model" });
    expect(reply.status).toBe(404);
    nothingAsked(stack);
  });

  it("405 with Allow for another method", async () => {
    const stack = await start();
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
      const reply = await stack.gateway.ask(path, { method, headers });
      expect(reply.status).toBe(405);
      expect(reply.headers.allow).toBe("POST");
      expect(readError(reply.json)?.message).toContain("POST");
    }
  });

  it.each(["br", "zstd", "gzip, gzip", "nonsense"])("415 for the content encoding %s", async (encoding) => {
    const stack = await start();
    const reply = await stack.gateway.ask(path, { body: good, headers: { ...headers, "content-encoding": encoding } });
    expect(reply.status).toBe(415);
    expect(readError(reply.json)?.message).toContain("gzip");
    nothingAsked(stack);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", ""])(
    "415 for a body that is sent as %j: a form in a page could send it unasked",
    async (type) => {
      const stack = await start();
      const reply = await stack.gateway.ask(path, { body: good, headers: { ...headers, "content-type": type } });
      expect(reply.status).toBe(415);
      expect(readError(reply.json)?.message).toContain("application/json");
      nothingAsked(stack);
    },
  );

  it("401 for a missing or a wrong key, and either header opens", async () => {
    const stack = await start({ "gateway.keys": ["sk-one", { id: "two", key: "sk-two" }] });
    const wrong = [
      {},
      { authorization: "Bearer sk-on" },
      { "x-api-key": "sk-ones" },
      { authorization: "Basic sk-one" },
    ];
    for (const credentials of wrong) {
      const reply = await stack.gateway.say(wire, { model: "sonnet", headers: credentials });
      expect(reply.status).toBe(401);
      expect(readError(reply.json)).toMatchObject({ type: "authentication_error" });
      expect(reply.text).not.toContain("sk-one");
    }
    nothingAsked(stack);
    for (const credentials of [{ authorization: "Bearer sk-one" }, { "x-api-key": "sk-two" }]) {
      expect((await stack.gateway.say(wire, { model: "sonnet", headers: credentials })).status).toBe(200);
    }
    expect(stack.gateway.receipts.map(({ client }) => client)).toEqual(["key-1", "two"]);
  });

  it("403 for a foreign Host: a name that was made to point here", async () => {
    const stack = await start();
    const reply = await sendRaw(
      stack.gateway.port,
      `POST ${path} HTTP/1.1\r\nhost: evil.example\r\nanthropic-version: 1\r\ncontent-type: application/json\r\ncontent-length: ${good.length}\r\n\r\n${good}`,
    );
    expect(reply.status).toBe(403);
    expect(readError(reply.json)?.message).toContain("evil.example");
    nothingAsked(stack);
  });

  it.each(["https://evil.example", "null", "http://127.0.0.1:9"])("403 for the unlisted Origin %s", async (origin) => {
    const stack = await start({ "gateway.origins": ["https://app.example"] });
    const reply = await stack.gateway.say(wire, { model: "sonnet", headers: { origin } });
    expect(reply.status).toBe(403);
    expect(readError(reply.json)?.message).toContain(origin);
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
    nothingAsked(stack);
  });

  it("413 for a body over the limit", async () => {
    const stack = await start({ "gateway.maxBody": "64KiB" });
    const body = JSON.stringify({ ...writeRequest(hello, "sonnet", false), padding: "x".repeat(65_536) });
    const reply = await stack.gateway.ask(path, { body, headers });
    expect(reply.status).toBe(413);
    expect(readError(reply.json)?.message).toContain("65536 bytes");
    nothingAsked(stack);
  });

  it("431 for headers too large", async () => {
    const stack = await start();
    const reply = await sendRaw(
      stack.gateway.port,
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-huge: ${"x".repeat(80_000)}\r\n\r\n`,
    );
    expect(reply.status).toBe(431);
    expect(readError(reply.json)?.message).toMatch(/header/i);
    nothingAsked(stack);
  });

  it("408 when it sends its body too slowly", async () => {
    const stack = await startHybrid({ clocks: { request: 60, headers: 60, check: 20 } });
    const connection = openRaw(stack.gateway.port);
    connection.send(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"model":`,
    );
    const reply = await connection.reply();
    expect(reply.status).toBe(408);
    expect(readError(reply.json)?.message).toMatch(/time/i);
    nothingAsked(stack);
  });
});

describe("a body over the limit", () => {
  it("is refused by its announced length before any of it has come", async () => {
    const stack = await start();
    const connection = openRaw(stack.gateway.port);
    connection.send(
      "POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n",
    );
    const reply = await connection.reply();
    expect(reply.status).toBe(413);
    expect(reply.headers.connection).toBe("close");
  });

  it("is refused where the limit is passed, though its end never comes", async () => {
    const stack = await start({ "gateway.maxBody": "8KiB" });
    const connection = openRaw(stack.gateway.port);
    connection.send(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    for (let sent = 0; sent < 3; sent++) connection.send(`1000\r\n${" ".repeat(4096)}\r\n`);
    expect((await connection.reply()).status).toBe(413);
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
  ] as const)("is refused when %s unpacks to more: a bomb does not go off", async (encoding, pack) => {
    const stack = await start({ "gateway.maxBody": "1MiB" });
    const bomb = pack(Buffer.alloc(200 * 2 ** 20, " "));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const before = process.memoryUsage.rss();
    const reply = await stack.gateway.ask("/v1/chat/completions", {
      body: bomb,
      headers: { "content-encoding": encoding },
    });
    expect(reply.status).toBe(413);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
    nothingAsked(stack);
  });

  it.each([
    ["a wrong key", { "gateway.keys": ["sk-one"] }, 401],
    ["too large a body", { "gateway.maxBody": "64KiB" }, 413],
  ])(
    "lets a client that reads only after it has sent it all see why it was refused: %s",
    async (_, settings, status) => {
      const { gateway } = await start(settings);
      const size = 6 * 2 ** 20;
      const connection = openRaw(gateway.port);
      await connection.sendFirst(
        `POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${size}\r\n\r\n${" ".repeat(size)}`,
      );
      expect((await connection.reply()).status).toBe(status);
    },
  );

  it("of 60 MiB is below the default limit and is read", async () => {
    const models = [{ id: "claude-sonnet-4-5", contextWindow: 100_000_000 }];
    const stack = await start({ "models.providers.anthropic.models": models });
    const text = "x".repeat(60 * 2 ** 20);
    const body = { model: "sonnet", max_tokens: 10, messages: [{ role: "user", content: text }] };
    expect((await stack.gateway.ask("/v1/messages", { body })).status).toBe(200);
    expect(stack.hosted.requests[0]?.text.length).toBeGreaterThan(60 * 2 ** 20);
  });
});

describe("a packed body", () => {
  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["identity", (text: string) => Buffer.from(text)],
  ] as const)("is read as %s", async (encoding, pack) => {
    const { hosted, gateway } = await start();
    const body = pack(JSON.stringify(dialects.messages.writeRequest(hello, "sonnet", false)));
    const reply = await gateway.ask("/v1/messages", { body, headers: { "content-encoding": encoding } });
    expect(dialects.messages.readWhole(reply.json).text).toBe(hostedGreeting);
    expect(hosted.requests[0]?.headers["content-encoding"]).toBeUndefined();
  });

  it.each(["gzip", "deflate"])("that is no %s is 400", async (encoding) => {
    const stack = await start();
    const reply = await stack.gateway.ask("/v1/messages", { body: "{}", headers: { "content-encoding": encoding } });
    expect(reply.status).toBe(400);
    expect(dialects.messages.readError(reply.json)?.message).toContain(encoding);
    nothingAsked(stack);
  });
});
