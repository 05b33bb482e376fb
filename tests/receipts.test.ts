import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, vi } from "vitest";
import { ask } from "./harness/ask.ts";
import { type House, openHouse } from "./harness/house.ts";
import { at } from "./harness/json.ts";

const prompt = "the prompt of this test";
const chat = (house: House, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  ask(`${house.url}/v1/chat/completions`, {
    headers,
    body: { model: "default", messages: [{ role: "user", content: prompt }], ...body },
  });
const respond = (house: House, body: object, headers: Readonly<Record<string, string>> = {}) =>
  ask(`${house.url}/v1/responses`, { headers, body: { model: "default", ...body } });
const receiptOf = (house: House, id: unknown, headers = {}) => ask(`${house.url}/receipts/${id}`, { headers });
const idOf = (reply: { readonly headers: Readonly<Record<string, string>> }) => reply.headers["x-headgate-request-id"];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe("GET /receipts/{id}", () => {
  it("tells what was asked, tried and served, and what it cost, without the prompt and without a backend's words", async () => {
    await using house = await openHouse();
    house.hosted.failNext({ kind: "status", status: 529, error: { message: `busy with ${prompt}` } });
    const reply = await chat(house, { model: "Sonnet" });
    expect(reply.status).toBe(200);
    const receipt = await receiptOf(house, idOf(reply));
    expect(receipt.status).toBe(200);
    expect(receipt.json).toMatchObject({
      id: idOf(reply),
      wire: "chat",
      requested: "Sonnet",
      outcome: "ok",
      status: 200,
      served: expect.any(String),
      place: expect.any(String),
      candidates: [
        { ref: "anthropic/claude-sonnet-4-5", wire: "messages", places: ["us"] },
        { ref: "lmstudio/minimax-m2.1-gs32", places: ["local"] },
        { ref: "anthropic/claude-opus-4-6" },
      ],
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      duration: expect.any(Number),
    });
    expect(at(receipt.json, "attempts", 0)).toMatchObject({ outcome: "overloaded", status: 529 });
    expect(receipt.text).not.toContain(prompt);
  });

  it("names the clock that ended an attempt", async () => {
    await using house = await openHouse({ "models.providers.anthropic.timeouts": { whole: "20ms" } });
    house.hosted.fail({ kind: "hang" });
    const receipt = await receiptOf(house, idOf(await chat(house)));
    expect(at(receipt.json, "attempts", 0)).toMatchObject({ outcome: "timeout", clock: "whole" });
    expect(at(receipt.json, "served")).toBe("lmstudio/minimax-m2.1-gs32");
  });

  it("is for the client that asked alone, and for none without a key", async () => {
    const keys = [
      { id: "laptop", key: "key-of-the-laptop" },
      { id: "phone", key: "key-of-the-phone" },
    ];
    await using house = await openHouse({ "gateway.keys": keys });
    const id = idOf(await chat(house, {}, bearer("key-of-the-laptop")));
    expect((await receiptOf(house, id)).status).toBe(401);
    expect((await receiptOf(house, id, bearer("key-of-the-phone"))).status).toBe(404);
    const own = await receiptOf(house, id, bearer("key-of-the-laptop"));
    expect(own.json).toMatchObject({ id, client: "laptop" });
    expect(own.text).not.toContain("key-of-the");
  });

  it("is kept from pages in a browser as everything is, and takes no other method", async () => {
    await using house = await openHouse();
    const id = idOf(await chat(house));
    expect((await receiptOf(house, id, { origin: "https://evil.example" })).status).toBe(403);
    expect((await ask(`${house.url}/receipts/${id}`, { method: "DELETE" })).status).toBe(405);
    expect((await receiptOf(house, "nobody")).status).toBe(404);
    expect((await receiptOf(house, "../receipts")).status).toBe(404);
  });

  it("says that nothing is kept where the config says so, and writes nothing", async () => {
    await using house = await openHouse({ "gateway.receipts": false, "gateway.responses": false });
    const gone = await receiptOf(house, idOf(await chat(house)));
    expect([gone.status, at(gone.json, "error", "code")]).toEqual([404, "receipts_off"]);
    expect(house.stateFiles()).toEqual([]);
  });

  it("survives a restart", async () => {
    await using house = await openHouse();
    const id = idOf(await chat(house));
    await house.restart();
    expect((await receiptOf(house, id)).json).toMatchObject({ id, outcome: "ok" });
  });
});

describe("the state file", () => {
  it("is for its owner's eyes alone, made or found", async () => {
    await using house = await openHouse();
    mkdirSync(house.state, { recursive: true });
    writeFileSync(join(house.state, "state.sqlite"), "");
    chmodSync(join(house.state, "state.sqlite"), 0o644);
    await receiptOf(house, idOf(await chat(house)));
    const modes = house.stateFiles().map((name) => statSync(join(house.state, name)).mode & 0o777);
    expect(modes.length).toBeGreaterThan(0);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it("keeps no more than it may", async () => {
    await using house = await openHouse({ "gateway.receipts": { maxSize: "4KiB" } });
    const ids: unknown[] = [];
    for (let count = 0; count < 20; count++) {
      ids.push(idOf(await chat(house)));
      // Whoever asks has what came before written down: a page of two.
      if (count % 2 === 1) await receiptOf(house, ids.at(-1));
    }
    await house.restart();
    const database = new DatabaseSync(join(house.state, "state.sqlite"));
    const { size, count } =
      database.prepare("SELECT total(length(body)) AS size, total(count) AS count FROM receipt_pages").get() ?? {};
    database.close();
    expect(Number(size)).toBeLessThanOrEqual(4096);
    expect(Number(count)).toBeGreaterThan(0);
    expect((await receiptOf(house, ids[0])).status).toBe(404);
    expect((await receiptOf(house, ids.at(-1))).status).toBe(200);
  });

  it("forgets what is older than it may be", async () => {
    await using house = await openHouse({ "gateway.receipts": { maxAge: "1h" } });
    const id = idOf(await chat(house));
    expect((await receiptOf(house, id)).status).toBe(200);
    await house.stop();
    const database = new DatabaseSync(join(house.state, "state.sqlite"));
    database.exec("UPDATE receipt_pages SET time = time - 3600001");
    database.close();
    await house.start();
    expect((await receiptOf(house, id)).status).toBe(404);
  });

  it.each([
    ["no file at all", (house: House) => mkdirSync(join(house.state, "state.sqlite"), { recursive: true })],
    [
      "no database",
      (house: House) => {
        mkdirSync(house.state, { recursive: true });
        writeFileSync(join(house.state, "state.sqlite"), "this is no database, however long it may be".repeat(100));
      },
    ],
    [
      "of a newer version",
      (house: House) => {
        mkdirSync(house.state, { recursive: true });
        const database = new DatabaseSync(join(house.state, "state.sqlite"));
        database.exec("PRAGMA user_version = 99");
        database.close();
      },
    ],
  ])("that is %s costs receipts and no request; /health and the log say so", async (_, spoil) => {
    await using house = await openHouse();
    spoil(house);
    const first = await respond(house, { input: "hi" });
    expect(first.status).toBe(200);
    expect((await receiptOf(house, idOf(first))).status).toBe(503);
    expect((await respond(house, { input: "more", previous_response_id: at(first.json, "id") })).status).toBe(200);
    await vi.waitFor(() => expect(house.faults.map(String).join()).toContain("state.sqlite cannot be used"));
    expect((await ask(`${house.url}/health`)).json).toMatchObject({ status: "ok", state: { status: "off" } });
  });

  it("that another process holds on to costs what could not be written, which is counted, and no request", async () => {
    await using house = await openHouse();
    await receiptOf(house, idOf(await chat(house)));
    const other = new DatabaseSync(join(house.state, "state.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    await Promise.all([chat(house), chat(house)]);
    const lost = async (): Promise<unknown> => at((await ask(`${house.url}/health`)).json, "state", "lost");
    await vi.waitFor(async () => expect(await lost()).toBe(2), { timeout: 10_000, interval: 50 });
    other.exec("ROLLBACK");
    other.close();
    expect(house.faults.map(String).join()).toContain("2 receipts and responses were not kept so far");
    expect((await receiptOf(house, idOf(await chat(house)))).status).toBe(200);
  });

  it("is shared by two gateways, each of which finds what the other has kept", async () => {
    await using house = await openHouse();
    await using other = await openHouse({}, house.state);
    const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => chat(index % 2 === 0 ? house : other)));
    for (const reply of replies) {
      expect((await receiptOf(house, idOf(reply))).status).toBe(200);
      expect((await receiptOf(other, idOf(reply))).status).toBe(200);
    }
    expect([...house.faults, ...other.faults]).toEqual([]);
    const first = await respond(house, { input: "hi" });
    await receiptOf(house, idOf(first));
    expect((await respond(other, { input: "more", previous_response_id: at(first.json, "id") })).status).toBe(200);
  });
});

describe("a stored response, after a restart,", () => {
  const key = bearer("key-of-the-laptop");
  const settings = { "gateway.keys": [{ id: "laptop", key: "key-of-the-laptop" }, "key-of-another"] };

  it("is gone on from, with all that was said, and keeps its boundary", async () => {
    await using house = await openHouse(settings);
    const within = { ...key, "x-headgate-within": "local" };
    const first = await respond(house, { input: "the first turn", instructions: "Be brief." }, within);
    const second = await respond(house, { input: "the second", previous_response_id: at(first.json, "id") }, key);
    expect(at(second.json, "status")).toBe("completed");
    await house.restart();
    const third = await respond(house, { input: "the third", previous_response_id: at(second.json, "id") }, key);
    expect(third.status).toBe(200);
    const heard = JSON.stringify(house.local.requests.at(-1)?.body);
    expect(heard).toMatch(/the first turn.*Hello from.*the second.*Hello from.*the third/s);
    expect(third.headers["x-headgate-place"]).toBe("local");
    expect(house.hosted.requests).toEqual([]);
  });

  it("is given back word for word with its input, found by the ids of its items, and can be deleted for good", async () => {
    await using house = await openHouse(settings);
    const first = await respond(house, { input: "hi" }, key);
    const path = () => `${house.url}/v1/responses/${at(first.json, "id")}`;
    const input = await ask(`${path()}/input_items`, { headers: key });
    await house.restart();
    expect((await ask(path(), { headers: key })).json).toEqual(first.json);
    expect((await ask(`${path()}/input_items`, { headers: key })).json).toEqual(input.json);
    await house.restart();
    const reference = { type: "item_reference", id: at(first.json, "output", -1, "id") };
    const next = await respond(house, { input: [reference, { role: "user", content: "and?" }] }, key);
    expect(next.status).toBe(200);
    expect((await ask(path(), { method: "DELETE", headers: key })).json).toMatchObject({ deleted: true });
    await house.restart();
    expect((await ask(path(), { headers: key })).status).toBe(404);
  });

  it("belongs to the client that made it", async () => {
    await using house = await openHouse(settings);
    const first = await respond(house, { input: "hi" }, key);
    await house.restart();
    const other = bearer("key-of-another");
    const path = `${house.url}/v1/responses/${at(first.json, "id")}`;
    expect((await ask(path, { headers: other })).status).toBe(404);
    expect((await ask(path, { method: "DELETE", headers: other })).status).toBe(404);
    const stolen = await respond(house, { input: "more", previous_response_id: at(first.json, "id") }, other);
    expect(at(stolen.json, "error", "code")).toBe("previous_response_not_found");
    expect((await ask(path, { headers: key })).status).toBe(200);
  });

  it("is not there where its client did not want it stored", async () => {
    await using house = await openHouse(settings);
    const first = await respond(house, { input: "a secret of the client", store: false }, key);
    await receiptOf(house, idOf(first), key);
    await house.restart();
    expect((await ask(`${house.url}/v1/responses/${at(first.json, "id")}`, { headers: key })).status).toBe(404);
    const database = new DatabaseSync(join(house.state, "state.sqlite"));
    expect(database.prepare("SELECT count(*) AS count FROM items").get()).toEqual({ count: 0 });
    database.close();
  });

  it("takes room for each item of a conversation once, and gives it back", async () => {
    await using house = await openHouse(settings);
    const ids: unknown[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const previous = ids.length === 0 ? {} : { previous_response_id: ids.at(-1) };
      const reply = await respond(house, { input: `turn ${turn}`, ...previous }, key);
      expect(reply.json).toMatchObject({ status: "completed" });
      ids.push(at(reply.json, "id"));
      if (turn === 3) await house.restart();
    }
    for (const id of ids) await ask(`${house.url}/v1/responses/${id}`, { headers: key });
    const count = (): unknown => {
      const database = new DatabaseSync(join(house.state, "state.sqlite"));
      const row = database.prepare("SELECT count(*) AS count FROM items").get();
      database.close();
      return row?.count;
    };
    expect(count()).toBe(12);
    for (const id of ids) await ask(`${house.url}/v1/responses/${id}`, { method: "DELETE", headers: key });
    expect(count()).toBe(0);
  });
});
