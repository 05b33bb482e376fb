import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { hello } from "./harness/gateway.ts";
import { startHybrid } from "./harness/hybrid.ts";
import { at } from "./harness/json.ts";
import { openRaw, sendRaw } from "./harness/raw.ts";

const start = (settings: Readonly<Record<string, unknown>> = {}) => startHybrid({ settings });
const body = JSON.stringify(dialects.responses.writeRequest(hello, "sonnet", false));

describe("a page in a browser", () => {
  const page = "https://app.example";
  const settings = { "gateway.origins": [page] };

  it("that is listed may read answers, errors and their headers", async () => {
    const { gateway } = await start({ ...settings, "gateway.keys": ["sk-one"] });
    const reply = await gateway.say("chat", { headers: { origin: page, authorization: "Bearer sk-one" } });
    const refused = await gateway.say("chat", { headers: { origin: page } });
    expect([reply.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [reply, refused]) {
      expect(headers).toMatchObject({
        "access-control-allow-origin": page,
        "access-control-expose-headers": "*",
        vary: expect.stringMatching(/origin/i),
      });
    }
  });

  it.each(textWires)("that is listed gets its preflight for %s, without a key", async (wire) => {
    const { hosted, gateway } = await start({ ...settings, "gateway.keys": ["sk-one"] });
    const reply = await gateway.ask(dialects[wire].path, {
      method: "OPTIONS",
      headers: {
        origin: page,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-lang",
      },
    });
    expect(reply.status).toBe(204);
    expect(reply.headers).toMatchObject({
      "access-control-allow-origin": page,
      "access-control-allow-methods": expect.stringContaining("POST"),
      "access-control-allow-headers": "authorization,content-type,x-stainless-lang",
    });
    expect(hosted.requests).toEqual([]);
  });

  it.each(["/v1/responses", "/v1/models", "/health", "/nothing"])(
    "that is not listed is refused at %s",
    async (path) => {
      const { gateway } = await start(settings);
      for (const method of ["GET", "OPTIONS", "POST"]) {
        const reply = await gateway.ask(path, { method, headers: { origin: "https://evil.example" } });
        expect(reply.status).toBe(403);
        expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
      }
    },
  );

  it.each(["localhost", "LOCALHOST:80", "127.0.0.1", "127.8.9.1:4323", "[::1]:4323", "app.example"])(
    "and every client may call this server %s",
    async (host) => {
      const { gateway } = await start(settings);
      const reply = await sendRaw(gateway.port, `GET /health HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      expect(reply.status).toBe(200);
    },
  );

  it.each(["localhost.evil.example", "127.0.0.1.evil.example", "evil.example:4323", "10.0.0.1", "[::2]", "0"])(
    "may not call it %s",
    async (host) => {
      const { gateway } = await start(settings);
      const reply = await sendRaw(gateway.port, `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      expect(reply.status).toBe(403);
    },
  );
});

describe("keys", () => {
  it.each(["/v1/models", "/v1/models/sonnet", "/v1/responses", "/nothing"])("are asked for at %s", async (path) => {
    const { gateway } = await start({ "gateway.keys": ["sk-one"] });
    expect((await gateway.ask(path)).status).toBe(401);
    expect((await gateway.ask(path, { headers: { "x-api-key": "sk-one" } })).status).not.toBe(401);
  });

  it("are not asked for at /health, which tells a stranger nothing of use", async () => {
    const { gateway, hosted } = await start({ "gateway.keys": ["sk-one"] });
    const reply = await gateway.ask("/health");
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      status: "ok",
      providers: [
        { id: "lmstudio", status: "ready" },
        { id: "anthropic", status: "ready" },
      ],
    });
    expect(reply.text).not.toContain(hosted.origin);
  });
});

describe("paths", () => {
  it.each([
    ["/v1/chat/completions?beta=true", "chat"],
    ["/v1/messages?beta=true", "messages"],
    ["/v1/responses?x=%00&y", "responses"],
  ] as const)("are found whatever their query: %s", async (path, wire) => {
    const { gateway } = await start();
    expect((await gateway.ask(path, { body: dialects[wire].writeRequest(hello, "sonnet", false) })).status).toBe(200);
  });

  it.each([
    ["/", "chat"],
    ["/v1", "chat"],
    ["/completions", "chat"],
    ["/v1/completions/more", "chat"],
    ["/v1/embeddings/", "chat"],
    ["/v1/chat/completions/more", "chat"],
    ["/v1/responses/resp_1/more", "responses"],
    ["/v1/responses/resp_1/input_items/more", "responses"],
    ["/v1/messages/batches", "messages"],
    ["/v1/messages/count_tokens/more", "messages"],
    ["/../etc/passwd", "chat"],
    ["//v1/models", "chat"],
    ["/v1/models%2f", "chat"],
    ["/%ff%fe", "chat"],
  ] as const)("that do not exist are 404: %s", async (path, wire) => {
    const { gateway } = await start();
    for (const method of ["GET", "POST"]) {
      const reply = await sendRaw(
        gateway.port,
        `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n`,
      );
      expect(reply.status).toBe(404);
      expect(dialects[wire].readError(reply.json)?.message).toContain(path);
    }
  });

  it.each(["/v1/models", "/v1/models/sonnet", "/health"])("%s takes GET and HEAD, nothing else", async (path) => {
    const { gateway } = await start();
    expect((await gateway.ask(path)).status).toBe(200);
    const head = await gateway.ask(path, { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
    const other = await gateway.ask(path, { body: {} });
    expect(other.status).toBe(405);
    expect(other.headers.allow).toBe("GET, HEAD");
  });

  it.each(["%", "%zz", "%ff", "a%2fb", "x".repeat(5000), "%00", "__proto__"])(
    "a model called %s is 404",
    async (id) => {
      const { gateway } = await start();
      const reply = await gateway.ask(`/v1/models/${id}`);
      expect(reply.status).toBe(404);
      expect(at(reply.json, "error", "code")).toBe("model_not_found");
    },
  );
});

const upgrade = (path: string, extra = "", protocol = "websocket"): string =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: ${protocol}\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extra}\r\n`;

describe("an upgrade", () => {
  it("to a WebSocket of a version that is not spoken is 426, so that clients use HTTP at once", async () => {
    const { gateway } = await start();
    const reply = await sendRaw(gateway.port, upgrade("/v1/responses?x=1").replace("version: 13", "version: 8"));
    expect(reply.status).toBe(426);
    expect(dialects.responses.readError(reply.json)?.message).toContain("HTTP");
  });

  it("elsewhere is 404", async () => {
    const { gateway } = await start();
    expect((await sendRaw(gateway.port, upgrade("/v1/models"))).status).toBe(404);
  });

  it("from a page that is not listed is 403", async () => {
    const { gateway } = await start();
    const reply = await sendRaw(gateway.port, upgrade("/v1/responses", "origin: https://evil.example\r\n"));
    expect(reply.status).toBe(403);
  });

  it("to HTTP/2, which Java and curl offer with every request, is passed over", async () => {
    const { gateway } = await start();
    const offer = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n";
    const reply = await sendRaw(
      gateway.port,
      `POST /v1/responses HTTP/1.1\r\nhost: localhost\r\n${offer}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(reply.status).toBe(200);
  });
});

describe("a client that takes its time", () => {
  it.each([
    ["with its headers", "POST /v1/responses HTTP/1.1\r\nhost: loc"],
    [
      "before its first byte of a body",
      "POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n",
    ],
  ])("%s is cut by a clock", async (_, text) => {
    const { gateway } = await startHybrid({ clocks: { headers: 50, request: 50, check: 10 } });
    expect((await sendRaw(gateway.port, text)).status).toBe(408);
  });

  it("to read an answer is not: the clock is the request's alone", async () => {
    const { hosted, gateway } = await startHybrid({ clocks: { headers: 250, request: 250, check: 25 } });
    hosted.fail({ kind: "slow-frames", ms: 60 });
    const reply = await gateway.say("messages", { stream: true });
    expect(reply.broken).toBe(false);
    expect(reply.events.at(-1)?.event).toBe("message_stop");
  });

  it("and leaves half-way costs nothing and is no fault", async () => {
    const { hosted, gateway } = await start();
    const connection = openRaw(gateway.port);
    connection.send(
      "POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{",
    );
    connection.socket.end();
    await connection.reply();
    expect(hosted.requests).toEqual([]);
    expect((await gateway.say("chat")).status).toBe(200);
  });
});

describe("what is no HTTP", () => {
  it.each([
    ["noise", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["a method of its own", "BREW /v1/responses HTTP/1.1\r\nhost: localhost\r\n\r\n"],
    [
      "two lengths",
      "POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
    ],
    [
      "a length beside chunks",
      "POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
    ],
    ["no Host", "GET /v1/models HTTP/1.1\r\n\r\n"],
  ])("is 400, and the next client is served: %s", async (_, text) => {
    const { gateway } = await start();
    const reply = await sendRaw(gateway.port, text);
    expect(reply.status).toBe(400);
    expect((await gateway.say("chat")).status).toBe(200);
  });

  it("behind a request that was answered does not reach the next one", async () => {
    const { hosted, gateway } = await start({ "gateway.keys": ["sk-one"] });
    const smuggled = `POST /v1/responses HTTP/1.1\r\nhost: localhost\r\nx-api-key: sk-one\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const reply = await sendRaw(
      gateway.port,
      `POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    expect(reply.status).toBe(401);
    expect(hosted.requests).toEqual([]);
  });
});
