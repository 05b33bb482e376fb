import { describe, expect, it, vi } from "vitest";
import { webSocketLimits } from "../packages/gateway/src/websocket/limits.ts";
import { hostedGreeting, sonnet, startHybrid } from "./harness/hybrid.ts";
import { at } from "./harness/json.ts";
import { openRaw, type RawReply, sendRaw } from "./harness/raw.ts";
import { receiptOf, talk, wordsOf } from "./harness/web-socket.ts";

const hello = { model: "sonnet", input: "say hello to me" };

/** An upgrade as its bytes; `undefined` leaves a header out. */
function upgrade(headers: Readonly<Record<string, string | undefined>> = {}, line = "GET /v1/responses"): string {
  const all = {
    host: "localhost",
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [`${line} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

const codeOf = (reply: RawReply): unknown => at(reply.json, "error", "code");

describe("an upgrade", () => {
  const settings = { "gateway.keys": [{ id: "laptop", key: "sk-one" }], "gateway.origins": ["https://app.example"] };
  const key = { authorization: "Bearer sk-one" };

  it.each([
    ["from a page that is not listed", { ...key, origin: "https://evil.example" }, undefined, 403, "forbidden_origin"],
    ["to a host that is not this machine", { ...key, host: "evil.example" }, undefined, 403, "forbidden_origin"],
    ["without a key", {}, undefined, 401, "invalid_api_key"],
    ["with a wrong key", { authorization: "Bearer sk-two" }, undefined, 401, "invalid_api_key"],
    ["elsewhere", key, "GET /v1/models", 404, "not_found"],
    ["of another version", { ...key, "sec-websocket-version": "8" }, undefined, 426, "upgrade_required"],
    ["without a version", { ...key, "sec-websocket-version": undefined }, undefined, 426, "upgrade_required"],
    ["without a key of its own", { ...key, "sec-websocket-key": undefined }, undefined, 426, "upgrade_required"],
    ["by another method", key, "PUT /v1/responses", 426, "upgrade_required"],
  ])("%s is answered as HTTP is", async (_, headers, line, status, code) => {
    const { gateway } = await startHybrid({ settings });
    const reply = await sendRaw(gateway.port, upgrade(headers, line));
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(reply.headers["x-headgate-request-id"]).toMatch(/\w/);
    if (status === 426) expect(reply.headers).toMatchObject({ upgrade: "websocket", "sec-websocket-version": "13" });
    expect(gateway.refused).toMatchObject([{ status, path: expect.stringMatching(/^\/v1\//) }]);
  });

  it.each([
    ["Authorization", key],
    ["x-api-key", { "x-api-key": "sk-one" }],
    ["a key and a page that is listed", { ...key, origin: "https://app.example" }],
  ])("with %s is let in, and its turns are that client's", async (_, headers) => {
    const { gateway } = await startHybrid({ settings });
    const client = await talk(gateway, { headers });
    expect(wordsOf(await client.turn(hello))).toBe(hostedGreeting);
    expect((await receiptOf(gateway)).client).toBe("laptop");
  });

  it("with a key that may only run here goes nowhere else", async () => {
    const keys = [{ id: "shy", key: "sk-shy", within: ["local"] }];
    const place = { "models.providers.anthropic.place": "us" };
    const { hosted, gateway } = await startHybrid({ settings: { ...place, "gateway.keys": keys } });
    const client = await talk(gateway, { headers: { authorization: "Bearer sk-shy" } });
    expect(await client.turn({ model: sonnet, input: "hello" })).toMatchObject([{ type: "error", status: 400 }]);
    expect(hosted.requests).toEqual([]);
  });

  it("tells no backend of itself", async () => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway, { headers: { "openai-beta": "responses_websockets=2026-02-06" } });
    await client.turn(hello);
    expect(Object.keys(hosted.requests[0]?.headers ?? {})).not.toContain("openai-beta");
    expect(Object.keys(hosted.requests[0]?.headers ?? {}).filter((name) => name.startsWith("sec-"))).toEqual([]);
  });

  it("that sends its first message along is answered", async () => {
    const { gateway } = await startHybrid();
    const connection = openRaw(gateway.port);
    const text = JSON.stringify({ type: "response.create", ...hello });
    const mask = Buffer.from([0, 0, 0, 0]);
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, Buffer.from(text)]);
    const answered = new Promise<void>((resolve) => {
      connection.socket.on("data", (data: string) => {
        if (data.includes("response.completed")) resolve();
      });
    });
    connection.socket.write(Buffer.concat([Buffer.from(upgrade()), frame]));
    await answered;
    connection.close();
  });
});

describe("GET /v1/responses without an upgrade", () => {
  it("is 405", async () => {
    const { gateway } = await startHybrid();
    const reply = await gateway.ask("/v1/responses");
    expect([reply.status, reply.headers.allow]).toEqual([405, "POST"]);
  });
});

describe("a server that ends", () => {
  it("closes idle connections with 1001, and takes no more", async () => {
    const { gateway } = await startHybrid();
    const idle = await talk(gateway);
    const held = openRaw(gateway.port);
    held.send("GET /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\n\r\n");
    const drained = gateway.drain(5000);
    expect((await idle.closed).code).toBe(1001);
    held.close();
    await expect(drained).resolves.toBe(true);
    await expect(talk(gateway)).rejects.toThrow();
  });

  it("lets the running turn end, and drops those that wait", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.answer({ text: ["One ", "two ", "three."], chunkDelayMs: 10 });
    const client = await talk(gateway);
    client.create(hello);
    client.create(hello);
    await client.next();
    const drained = gateway.drain(5000);
    expect((await client.closed).code).toBe(1001);
    await expect(drained).resolves.toBe(true);
    expect(wordsOf(client.received)).toBe("One two three.");
    expect(client.received.at(-1)?.type).toBe("response.completed");
    expect(hosted.requests).toHaveLength(1);
  });

  it("cuts a turn that outlasts its grace", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "endless", delayMs: 1 });
    const client = await talk(gateway);
    client.create(hello);
    await client.next();
    await expect(gateway.drain(20)).resolves.toBe(false);
    expect((await client.closed).code).toBe(1006);
  });

  it("does not wait for a client that answers no close", async () => {
    const { gateway } = await startHybrid({ webSockets: { closing: 20 } });
    const connection = openRaw(gateway.port);
    connection.send(upgrade());
    await vi.waitFor(() => expect(connection.socket.bytesRead).toBeGreaterThan(0), { interval: 2 });
    await expect(gateway.drain(5000)).resolves.toBe(true);
  });
});

describe("a connection that has lasted its time", () => {
  const ended = { type: "error", status: 400, error: { code: "websocket_connection_limit_reached" } };

  it("has had an hour, as long as OpenAI gives, unless told otherwise", () => {
    expect(webSocketLimits).toMatchObject({ lifetime: 3_600_000, queuedTurns: 8, rememberedResponses: 8 });
  });

  it("says so and is closed", async () => {
    const { gateway } = await startHybrid({ webSockets: { lifetime: 20 } });
    const client = await talk(gateway);
    expect(await client.next()).toMatchObject(ended);
    expect((await client.closed).code).toBe(1000);
  });

  it("lets the running turn end first, and starts no other", async () => {
    const { hosted, gateway } = await startHybrid({ webSockets: { lifetime: 30 } });
    hosted.answer({ text: ["One ", "two ", "three."], chunkDelayMs: 20 });
    const client = await talk(gateway);
    client.create(hello);
    client.create(hello);
    expect((await client.closed).code).toBe(1000);
    expect(wordsOf(client.received)).toBe("One two three.");
    expect(client.received.slice(-2)).toMatchObject([{ type: "response.completed" }, ended]);
    expect(hosted.requests).toHaveLength(1);
  });
});

describe("a peer", () => {
  const webSockets = { pingEvery: 10, silence: 60 };

  it("that answers pings stays, however long it says nothing", async () => {
    const { gateway } = await startHybrid({ webSockets });
    const client = await talk(gateway);
    let pings = 0;
    await new Promise<void>((resolve) => {
      client.socket.on("ping", () => {
        if (++pings === 12) resolve();
      });
    });
    expect(wordsOf(await client.turn(hello))).toBe(hostedGreeting);
  });

  it("that gives no sign of life is dropped", async () => {
    const { gateway } = await startHybrid({ webSockets });
    const client = await talk(gateway, { autoPong: false });
    expect((await client.closed).code).toBe(1006);
  });
});
