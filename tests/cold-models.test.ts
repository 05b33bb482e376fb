import { checkStream, type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import {
  cold,
  coldGreeting,
  hosted,
  loadAsked,
  loadPath,
  pathsOf,
  receiptsOf,
  startCold,
  warm,
} from "./harness/cold.ts";
import { dialects } from "./harness/dialects/index.ts";
import { follow } from "./harness/follow.ts";
import { hello } from "./harness/gateway.ts";

const second = 1000;
const minute = 60 * second;

describe("a cold model", () => {
  it("is loaded once however many wait, and asked by each of them after that", async () => {
    const { gateway, local } = await startCold();
    local.loads.hold();
    const asked = textWires.flatMap((wire) =>
      [true, false].flatMap((stream) => [1, 2, 3].map(() => gateway.say(wire, { model: cold, stream }))),
    );
    await loadAsked(local);
    expect(pathsOf(local)).toEqual([loadPath]);
    local.loads.release();
    const replies = await Promise.all(asked);
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(replies.every(({ text }) => text.includes("Hello"))).toBe(true);
    expect(local.loads.begun).toEqual(["cold"]);
    expect(pathsOf(local).filter((path) => path === loadPath)).toHaveLength(1);
    expect(pathsOf(local)).toHaveLength(1 + asked.length);
    for (const { attempts } of await receiptsOf(gateway, asked.length)) {
      expect(attempts).toMatchObject([{ ref: cold, outcome: "ok" }]);
    }
  });

  it("is loaded as LM Studio would, so that it goes again when it is idle", async () => {
    const { gateway, local } = await startCold();
    await gateway.say("chat", { model: cold });
    expect(await instanceOf(local.origin, "cold")).toMatchObject({ id: "cold", remaining_ttl_seconds: 3600 });
  });

  it("stays for as long as the row says", async () => {
    const { gateway, local } = await startCold({ row: { ttl: "30m" } });
    await gateway.say("messages", { model: cold });
    expect(await instanceOf(local.origin, "cold")).toMatchObject({ remaining_ttl_seconds: 1800 });
    expect(local.loads.begun).toEqual(["cold"]);
  });

  it("is loaded by hand where requests are set to load nothing, once", async () => {
    const { gateway, local } = await startCold({ local: { jit: false } });
    const replies = await Promise.all([1, 2, 3, 4].map(() => gateway.say("chat", { model: cold })));
    expect(replies.map(({ json }) => dialects.chat.readWhole(json).text)).toEqual(replies.map(() => coldGreeting));
    expect(replies.map(({ headers }) => headers["x-headgate-warnings"])).toEqual(replies.map(() => undefined));
    expect(local.loads.begun).toEqual(["cold"]);
  });

  it("that another one has pushed out is loaded anew", async () => {
    const { gateway, local } = await startCold({
      local: {
        models: [
          { id: "a", loaded: false },
          { id: "b", loaded: false },
        ],
      },
    });
    for (const model of ["lmstudio/a", "lmstudio/b", "lmstudio/a"]) {
      expect((await gateway.say("chat", { model })).headers["x-headgate-attempts"]).toBe(`${model}:ok`);
    }
    expect(local.loads.begun).toEqual(["a", "b", "a"]);
  });

  it("that says so itself is loaded and asked again", async () => {
    const { gateway, local } = await startCold();
    await gateway.say("chat", { model: warm });
    local.failNext({ kind: "status", status: 400, body: { error: "The model warm is not loaded" } });
    const reply = await gateway.say("chat", { model: warm });
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:model_cold,${warm}:ok`);
  });

  it("that says so twice is given up", async () => {
    const { gateway, local } = await startCold();
    local.fail({ kind: "status", status: 400, body: { error: "The model warm is not loaded" } });
    const reply = await gateway.say("chat", { model: warm });
    expect(reply).toMatchObject({ status: 503, json: { error: { code: "model_not_loaded" } } });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:model_cold,${warm}:model_cold`);
    expect(reply.headers["retry-after"]).toBe("2");
  });

  it.each([
    ["for want of memory", undefined, "overloaded", "not enough memory"],
    ["for a broken file", "exit 6", "model_cold", "exit 6"],
  ])("that cannot be loaded %s makes way for the next candidate", async (_why, reason, outcome, words) => {
    const { gateway, local } = await startCold({ routes: { both: { primary: cold, fallbacks: [hosted] } } });
    local.loads.failNext(reason);
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${cold}:${outcome},${hosted}:ok`);
    expect(local.loads.begun).toEqual(["cold"]);
    const [receipt] = await receiptsOf(gateway, 1);
    expect(receipt?.attempts[0]?.message).toContain(words);
  });
});

describe("the load clock", () => {
  it("runs alone: a load may outlast the first output's, and none of the others runs meanwhile", async () => {
    const { gateway, local, clock } = await startCold({
      row: { timeouts: { firstOutput: "5s", whole: "5s", total: "6s" } },
    });
    local.loads.hold();
    const asked = gateway.say("chat", { model: cold });
    await loadAsked(local);
    await clock.pass(9 * minute);
    local.loads.release();
    expect((await asked).status).toBe(200);
    const [receipt] = await receiptsOf(gateway, 1);
    expect(receipt?.attempts).toMatchObject([{ outcome: "ok", loading: 9 * minute, duration: 9 * minute }]);
  });

  it.each([
    ["ten minutes", {}, 10 * minute],
    ["what the row says", { timeouts: { load: "90s" } }, 90 * second],
  ])("runs out after %s, and the receipt says so", async (_name, row, limit) => {
    const { gateway, local, clock } = await startCold({ row });
    local.loads.hold();
    const asked = gateway.say("chat", { model: cold });
    await loadAsked(local);
    await clock.pass(limit - 1);
    expect(gateway.receipts).toEqual([]);
    await clock.pass(1);
    expect(await asked).toMatchObject({ status: 504, json: { error: { code: "provider_timeout" } } });
    const [receipt] = await receiptsOf(gateway, 1);
    expect(receipt?.attempts).toMatchObject([{ outcome: "timeout", clock: "load", loading: limit, duration: limit }]);
    local.loads.release();
    expect((await gateway.say("chat", { model: cold })).status).toBe(200);
  });
});

describe("a backend that dies during a load", () => {
  it("frees all who wait, and nothing stays stuck when it is back", async () => {
    const { gateway, local } = await startCold({ routes: { both: { primary: cold, fallbacks: [hosted] } } });
    local.loads.hold();
    const falling = [1, 2, 3].map(() => gateway.say("chat", { model: "both", stream: true }));
    const alone = [1, 2, 3].map(() => gateway.say("chat", { model: cold }));
    await loadAsked(local);
    await local.refuse();
    for (const reply of await Promise.all(falling)) expect(reply.headers["x-headgate-model"]).toBe(hosted);
    for (const reply of await Promise.all(alone)) expect(reply.status).toBe(503);
    // It starts with nothing in memory.
    local.reset();
    await local.listen();
    const reply = await gateway.say("chat", { model: cold });
    expect(dialects.chat.readWhole(reply.json).text).toBe(coldGreeting);
    expect(local.loads.begun).toEqual(["cold"]);
  });
});

describe.each(textWires)("a streaming client of %s that waits for a load", (wire) => {
  it("gets heartbeats from the tenth second on, and the answer behind them", async () => {
    const { gateway, local, clock } = await startCold();
    local.loads.hold();
    const followed = followCold(gateway.origin, wire);
    await loadAsked(local);
    await clock.pass(10 * second - 1);
    expect(followed.status).toBeUndefined();
    await clock.pass(1);
    await followed.until(({ status, events }) => status === 200 && events.length > 0);
    const opened = followed.events.length;
    await clock.pass(5 * second);
    await followed.until(({ events }) => events.length > opened);
    local.loads.release();
    await followed.until(({ end }) => end !== undefined);
    expect(checkStream(wire, followed.events)).toEqual([]);
    expect(dialects[wire].readStream(followed.events).text).toBe(coldGreeting);
  });

  it("may leave at once: the load goes on, and serves whoever comes next", async () => {
    const { gateway, local } = await startCold();
    local.loads.hold();
    const followed = followCold(gateway.origin, wire);
    await loadAsked(local);
    followed.leave();
    const [left] = await receiptsOf(gateway, 1);
    expect(left).toMatchObject({ outcome: "aborted", attempts: [{ ref: cold, outcome: "aborted" }] });
    const next = gateway.say(wire, { model: cold });
    local.loads.release();
    expect((await next).status).toBe(200);
    expect(local.loads.begun).toEqual(["cold"]);
  });
});

function followCold(origin: string, wire: TextWire) {
  const { path, headers, writeRequest } = dialects[wire];
  return follow(origin + path, { headers, body: writeRequest(hello, cold, true) });
}

async function instanceOf(origin: string, key: string): Promise<unknown> {
  const reply = await fetch(`${origin}/api/v1/models`);
  const { models } = (await reply.json()) as { models: { key: string; loaded_instances: unknown[] }[] };
  return models.find((model) => model.key === key)?.loaded_instances[0];
}
