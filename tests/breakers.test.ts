import { type Fault, faults } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import type { Gateway } from "./harness/gateway.ts";
import { first, second, sibling, startHouseOfTwo } from "./harness/house-of-two.ts";
import { nothingLeft } from "./harness/stack.ts";

const broken: Fault = { kind: "status", status: 500 };
const seconds = 1000;

/** Asks so often, and says how the last one was answered. */
async function ask(gateway: Gateway, model: string, times = 1): Promise<string | undefined> {
  let attempts: string | undefined;
  for (let index = 0; index < times; index++) {
    attempts = (await gateway.say("chat", { model })).headers["x-headgate-attempts"];
  }
  return attempts;
}

describe("a model that has failed five times", () => {
  it("is not asked again: a flaky primary is not paid for every turn", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail(broken);
    await ask(gateway, "main", 5);
    const before = one.requests.length;
    expect(await ask(gateway, "main")).toBe(`${second}:ok`);
    expect(one.requests).toHaveLength(before);
    await clock.pass(3 * seconds);
    await ask(gateway, "main");
    expect(gateway.receipts.at(-1)?.candidates[0]).toMatchObject({
      ref: first,
      skipped: "its breaker is open for 27 s more: 5 failures in 10 min, the last bad_answer",
    });
    expect(gateway.receipts.at(-1)?.attempts).toMatchObject([{ ref: second, outcome: "ok" }]);
  });

  it("does not cool its healthy sibling on the same provider", async () => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail({ ...broken, match: { model: "a" } });
    await ask(gateway, "main", 6);
    expect(await ask(gateway, "other")).toBe(`${sibling}:ok`);
    expect(gateway.router.breakers()).toMatchObject([{ provider: "first", model: "a", state: "open" }]);
  });

  it("is asked by one request after 30 s, and by all once that was answered", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail(broken);
    await ask(gateway, "main", 5);
    await clock.pass(30 * seconds);
    const before = one.requests.length;
    expect(await ask(gateway, "main")).toBe(`${first}:bad_answer,${second}:ok`);
    expect(one.requests).toHaveLength(before + 1);
    await clock.pass(59 * seconds);
    expect(await ask(gateway, "main")).toBe(`${second}:ok`);
    one.heal();
    await clock.pass(1 * seconds);
    expect(await ask(gateway, "main")).toBe(`${first}:ok`);
    expect(gateway.router.breakers()).toEqual([]);
  });

  it("is tried by a single request while it is half open, whoever comes beside it", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail(broken);
    await ask(gateway, "main", 5);
    await clock.pass(30 * seconds);
    const before = one.requests.length;
    one.fail({ kind: "hang" });
    const leaving = new AbortController();
    const probe = gateway.say("chat", { model: "main", signal: leaving.signal });
    await one.waitFor(() => one.requests.length > before);
    expect(await ask(gateway, "main", 3)).toBe(`${second}:ok`);
    expect(gateway.receipts.at(-1)?.candidates[0]?.skipped).toContain("half open");
    leaving.abort();
    await probe.catch(() => undefined);
    await nothingLeft([one]);
    one.heal();
    expect(await ask(gateway, "main")).toBe(`${first}:ok`);
  });

  it("is asked all the same when nobody else is left, the soonest to close first", async () => {
    const { one, two, gateway, clock } = await startHouseOfTwo();
    two.fail(broken);
    await ask(gateway, second, 5);
    await clock.pass(5 * seconds);
    one.fail(broken);
    await ask(gateway, first, 5);
    const before = one.requests.length;
    two.heal();
    expect(await ask(gateway, "main")).toBe(`${second}:ok`);
    expect(one.requests).toHaveLength(before);
    one.heal();
    expect(await ask(gateway, first)).toBe(`${first}:ok`);
    expect(gateway.router.breakers()).toEqual([]);
  });

  it("can be asked again by hand, and nothing of it is in the config", async () => {
    const { one, gateway } = await startHouseOfTwo();
    const config = JSON.stringify(gateway.router.config);
    one.fail(broken);
    await ask(gateway, "main", 5);
    one.heal();
    expect(gateway.router.explain("main")).toMatchObject({
      candidates: [{ skipped: expect.stringContaining("breaker") }, { ref: second }],
    });
    expect([gateway.router.reset("first/b"), gateway.router.reset(first), gateway.router.reset(first)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(await ask(gateway, "main")).toBe(`${first}:ok`);
    expect(JSON.stringify(gateway.router.config)).toBe(config);
  });
});

describe("a breaker", () => {
  it("counts an answer that was cut after its first output", async () => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail({ kind: "cut-after", outputs: 1 });
    for (let index = 0; index < 5; index++) await gateway.say("chat", { model: "main", stream: true });
    expect(gateway.router.breakers()).toMatchObject([{ provider: "first", model: "a", failure: "bad_answer" }]);
    expect(await ask(gateway, "main")).toBe(`${second}:ok`);
  });

  it("is not poisoned by clients that leave", async () => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail({ kind: "hang" });
    for (let index = 0; index < 6; index++) {
      const before = one.requests.length;
      const leaving = new AbortController();
      const reply = gateway.say("chat", { model: "main", stream: true, signal: leaving.signal });
      await one.waitFor(() => one.requests.length > before);
      leaving.abort();
      await reply.catch(() => undefined);
    }
    await nothingLeft([one]);
    expect(gateway.router.breakers()).toEqual([]);
    one.heal();
    expect(await ask(gateway, "main")).toBe(`${first}:ok`);
  });

  it.each([
    ["an unknown model", { kind: "status", status: 404 }],
    ["a request that is wrong", { kind: "status", status: 400 }],
    ["a prompt that is too long", faults["openai-compatible"].contextLength()],
  ] as const)("is not opened by %s: that says nothing of the backend", async (_, fault) => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail(fault);
    await ask(gateway, "main", 7);
    expect(gateway.router.breakers()).toEqual([]);
  });

  it("of a provider opens when its address is refused, for all its models, and closes by any answer", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    await one.refuse();
    await ask(gateway, "main", 5);
    expect(gateway.router.breakers()).toMatchObject([{ provider: "first", state: "open", failure: "unreachable" }]);
    expect(gateway.router.breakers()[0]?.model).toBeUndefined();
    expect(await ask(gateway, "other")).toBe(`${second}:ok`);
    expect(gateway.receipts.at(-1)?.candidates[0]?.skipped).toMatch(/^the breaker of first is open for 30 s more/);
    await one.listen();
    await clock.pass(30 * seconds);
    expect(await ask(gateway, "other")).toBe(`${sibling}:ok`);
    expect(await ask(gateway, "main")).toBe(`${first}:ok`);
  });

  it.each([
    ["a rejected key", 401, "unauthenticated"],
    ["a key that may not", 403, "forbidden"],
  ])("of a provider opens for %s", async (_, status, failure) => {
    const { one, gateway } = await startHouseOfTwo();
    one.fail({ kind: "status", status });
    await ask(gateway, "main", 5);
    expect(gateway.router.breakers()).toMatchObject([{ provider: "first", failure }]);
    expect(await ask(gateway, "other")).toBe(`${second}:ok`);
  });

  it("tells once that it opened, and once that it closed", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail(broken);
    await ask(gateway, "main", 8);
    one.heal();
    await clock.pass(30 * seconds);
    await ask(gateway, "main", 2);
    expect(gateway.notices).toMatchObject([
      { kind: "breaker", provider: "first", model: "a", state: "open" },
      { kind: "breaker", provider: "first", model: "a", state: "closed" },
    ]);
  });
});
