import { describe, expect, it } from "vitest";
import { cold, hosted, hostedGreeting, pathsOf, startCold, warm } from "./harness/cold.ts";
import { dialects } from "./harness/dialects/index.ts";

const second = 1000;

const route = (coldStart: string | undefined, primary: string, ...fallbacks: string[]) => ({
  both: { primary, fallbacks, ...(coldStart && { coldStart }) },
});

describe("looking at what is in memory", () => {
  it("never loads it, however often", async () => {
    const { gateway, local } = await startCold({ routes: route("never", cold, warm) });
    for (let turn = 0; turn < 5; turn += 1) await gateway.say("chat", { model: "both" });
    expect(local.loads.begun).toEqual([]);
    expect(local.looks.length).toBeGreaterThan(0);
    expect(local.looks.every(({ method }) => method === "GET")).toBe(true);
  });

  it("is left out for a model that has answered within half a minute", async () => {
    const { gateway, local, clock } = await startCold();
    await gateway.say("chat", { model: warm });
    const once = local.looks.length;
    expect(once).toBe(1);
    for (let turn = 0; turn < 3; turn += 1) await gateway.say("chat", { model: warm });
    await clock.pass(30 * second - 1);
    await gateway.say("chat", { model: warm });
    expect(local.looks).toHaveLength(once);
    await clock.pass(30 * second);
    await gateway.say("chat", { model: warm });
    expect(local.looks).toHaveLength(once + 1);
  });

  it("stays inside the boundary, and so does a load", async () => {
    const { gateway, local } = await startCold({
      row: { place: "us" },
      within: ["eu"],
      routes: { ...route("prefer-warm", cold, warm), alone: { primary: cold } },
    });
    for (const model of ["both", "alone", cold]) {
      expect((await gateway.say("chat", { model })).status).toBe(400);
    }
    expect(await gateway.router.load(cold)).toMatchObject({ ok: false, kind: "policy" });
    expect([local.looks, local.requests]).toEqual([[], []]);
  });

  it("that fails stops nobody", async () => {
    const { gateway, local } = await startCold({ local: { key: "sk-lm-x" }, routes: route(undefined, warm, hosted) });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:unauthenticated,${hosted}:ok`);
    expect(local.loads.begun).toEqual([]);
  });
});

describe("a route whose coldStart is prefer-warm", () => {
  it("asks the one that is in memory before the one that is not, and loads nothing", async () => {
    const { gateway, local } = await startCold({ routes: route("prefer-warm", cold, warm) });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:ok`);
    expect(local.loads.begun).toEqual([]);
  });

  it("takes a hosted one for warm", async () => {
    const { gateway, local } = await startCold({ routes: route("prefer-warm", cold, hosted) });
    const reply = await gateway.say("chat", { model: "both" });
    expect(dialects.chat.readWhole(reply.json).text).toBe(hostedGreeting);
    expect(pathsOf(local)).toEqual([]);
  });

  it("keeps its order when all are warm", async () => {
    const { gateway } = await startCold({ routes: route("prefer-warm", warm, hosted) });
    expect((await gateway.say("chat", { model: "both" })).headers["x-headgate-attempts"]).toBe(`${warm}:ok`);
  });

  it("loads the cold one when the warm one fails", async () => {
    const { gateway, local, hosted: anthropic } = await startCold({ routes: route("prefer-warm", cold, hosted) });
    anthropic.fail({ kind: "status", status: 401 });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${hosted}:unauthenticated,${cold}:ok`);
    expect(local.loads.begun).toEqual(["cold"]);
  });

  it("passes on one that turns out to be cold while another is there", async () => {
    const { gateway, local } = await startCold({ routes: route("prefer-warm", warm, hosted) });
    local.fail({ kind: "status", status: 400, body: { error: "The model warm is not loaded" } });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:model_cold,${hosted}:ok`);
    expect(local.loads.begun).toEqual([]);
  });
});

describe("a route whose coldStart is wait, or which says nothing", () => {
  it.each(["wait", undefined])("never skips the cold one for a warm one (%s)", async (coldStart) => {
    const { gateway, local } = await startCold({ routes: route(coldStart, cold, warm, hosted) });
    expect((await gateway.say("chat", { model: "both" })).headers["x-headgate-attempts"]).toBe(`${cold}:ok`);
    expect(local.loads.begun).toEqual(["cold"]);
  });
});

describe("a route whose coldStart is never", () => {
  it("skips the cold one, and says why", async () => {
    const { gateway, local } = await startCold({ routes: route("never", cold, hosted) });
    expect((await gateway.say("chat", { model: "both" })).headers["x-headgate-attempts"]).toBe(`${hosted}:ok`);
    expect(gateway.receipts[0]?.candidates).toMatchObject([
      { ref: cold, skipped: "not in memory, and this route waits for no load" },
      { ref: hosted },
    ]);
    expect(local.loads.begun).toEqual([]);
  });

  it("answers 503 when nothing else is left, and takes the model once somebody has loaded it", async () => {
    const { gateway, local } = await startCold({ routes: route("never", cold) });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply).toMatchObject({ status: 503, json: { error: { code: "model_not_loaded" } } });
    expect(reply.headers["retry-after"]).toBe("2");
    expect(local.loads.begun).toEqual([]);
    expect(await gateway.router.load(cold)).toMatchObject({ ok: true, loaded: true });
    expect((await gateway.say("chat", { model: "both" })).status).toBe(200);
  });

  it("does not load one that turns out to be cold", async () => {
    const { gateway, local } = await startCold({ routes: route("never", warm) });
    local.fail({ kind: "status", status: 400, body: { error: "The model warm is not loaded" } });
    const reply = await gateway.say("chat", { model: "both" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${warm}:model_cold`);
    expect(local.loads.begun).toEqual([]);
  });
});
