import { describe, expect, it } from "vitest";
import type { Provider, ProviderPlugin } from "../provider/index.ts";
import { type SimulatedHouse, type Situation, simulate } from "./simulate.ts";
import { parseTrouble } from "./trouble.ts";

const never = (): never => {
  throw new Error("a simulation asked the plugin for what it would have to look up");
};

/** Breaks when it is asked for anything that only a backend knows. */
const pluginOf = (settings: Partial<Provider> = {}): ProviderPlugin => ({
  contract: 1,
  kind: "acme",
  config: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
  auth: { header: "authorization", prefix: "Bearer " },
  create: () => ({
    wires: { chat: "exact" },
    origins: ["http://acme.invalid"],
    places: () => ["us"],
    request: () => ({ url: "http://acme.invalid/v1/chat/completions" }),
    failure: ({ status, headers }) => ({
      kind: status === 529 ? "overloaded" : "bad_answer",
      message: `read ${status}`,
      ...(headers["retry-after"] && { retryAfter: Number(headers["retry-after"]) * 1000 }),
    }),
    observe: never,
    evidence: never,
    ...settings,
  }),
});

const config = {
  agents: { defaults: { model: { primary: "one/a", fallbacks: ["two/b"] } } },
  models: { providers: { one: { apiKey: "secret-one" }, two: { apiKey: "secret-two" } } },
};

const houseOf = (one: Partial<Provider> = {}, extras: Partial<SimulatedHouse> = {}): SimulatedHouse => ({
  config,
  plugins: new Map([
    ["one", pluginOf(one)],
    ["two", pluginOf()],
  ]),
  ...extras,
});

const failing = (who: string, how: string): Pick<Situation, "failing"> => {
  const trouble = parseTrouble(how);
  return { failing: new Map(trouble === undefined ? [] : [[who, trouble]]) };
};

const outcomes = async (house: SimulatedHouse, situation: Partial<Situation>): Promise<readonly string[]> => {
  const { receipt } = await simulate(house, { model: "default", wire: "chat", ...situation });
  return receipt.attempts.map(({ ref, outcome }) => `${ref}:${outcome}`);
};

describe("a simulation", () => {
  it("asks no plugin for what only a backend knows", async () => {
    const asking = { models: never, status: never, load: never };
    expect(await outcomes(houseOf(asking), {})).toEqual(["one/a:ok"]);
    const cold = new Map([["one/a", 1000]]);
    expect(await outcomes(houseOf(asking), { cold })).toEqual(["one/a:ok"]);
  });

  it("has a plugin read the reply of a status, and nobody a failure that is asked for by its name", async () => {
    const { receipt } = await simulate(houseOf(), { model: "one/a", wire: "chat", ...failing("one", "501") });
    expect(receipt.attempts.map(({ message, outcome }) => [outcome, message])).toEqual([
      ["bad_answer", "read 501"],
      ["bad_answer", "read 501"],
    ]);
    expect(await outcomes(houseOf(), failing("one", "quota_exhausted"))).toEqual(["one/a:quota_exhausted", "two/b:ok"]);
  });

  it("takes the time that clocks, back-offs and loads take, and none else", async () => {
    const plain = { model: "one/a", wire: "chat" } as const;
    const durationOf = async (house: SimulatedHouse, situation: Partial<Situation>): Promise<number> =>
      (await simulate(house, { ...plain, ...situation })).receipt.duration;
    expect(await durationOf(houseOf(), {})).toBe(0);
    expect(await durationOf(houseOf(), failing("one", "connect"))).toBe(10_000);
    expect(await durationOf(houseOf(), failing("one", "hang"))).toBe(600_000);
    expect(await durationOf(houseOf(), failing("one", "529"))).toBe(125 + 250);
    expect(await durationOf(houseOf({}, { random: () => 0 }), failing("one", "529"))).toBe(0);
    expect(await durationOf(houseOf(), failing("one", "529:3s"))).toBe(6000);
    expect(await durationOf(houseOf(), { cold: new Map([["one/a", 45_000]]) })).toBe(45_000);
  });

  it("gives a load up by its clock", async () => {
    const loading = { status: never, load: never };
    const cold = new Map([["one/a", 3_600_000]]);
    const { receipt, client } = await simulate(houseOf(loading), { model: "one/a", wire: "chat", cold });
    expect(receipt.attempts).toMatchObject([{ outcome: "timeout", clock: "load", loading: 600_000 }]);
    expect(client).toMatchObject({ status: 504, retryAfter: 2, error: { code: "provider_timeout" } });
  });

  it("knows what does not fit, however well the estimate is", async () => {
    const window = (contextWindow: number) => ({
      ...config,
      models: { providers: { one: { models: [{ id: "a", contextWindow }] }, two: {} } },
    });
    const tokens = 10_000;
    expect(await outcomes(houseOf({}, { config: window(9000) }), { tokens })).toEqual([
      "one/a:context_overflow",
      "two/b:ok",
    ]);
    expect(await outcomes(houseOf({}, { config: window(5000) }), { tokens })).toEqual(["two/b:ok"]);
    expect(await outcomes(houseOf({}, { config: window(10_000) }), { tokens })).toEqual(["one/a:ok"]);
  });

  it("leaves who is blocked blocked, and blocks nobody", async () => {
    const blocks = {
      get: (id: string) => (id === "one" ? { reason: "seen abroad", since: 0 } : undefined),
      set: never,
    };
    const { receipt } = await simulate(houseOf({}, { blocks }), { model: "default", wire: "chat" });
    expect(receipt).toMatchObject({ served: "two/b", candidates: [{ skipped: "blocked: seen abroad" }, {}] });
  });

  it("refuses whoever runs at a place that would have to be read, as long as there is a boundary", async () => {
    const read: Partial<Provider> = { refresh: { every: 1000, keep: 1000 }, models: never, places: () => ["unknown"] };
    expect(await outcomes(houseOf(read), {})).toEqual(["one/a:ok"]);
    const { receipt } = await simulate(houseOf(read), { model: "default", wire: "chat", within: ["us"] });
    expect(receipt).toMatchObject({
      served: "two/b",
      candidates: [{ skipped: expect.stringContaining("has not been read") }, {}],
      duration: 0,
    });
  });

  it("has a plugin that is none disable itself alone, in the words that a router has for it", async () => {
    const broken = { ...pluginOf(), create: undefined } as unknown as ProviderPlugin;
    const plugins = new Map([
      ["one", broken],
      ["two", pluginOf()],
    ]);
    const { receipt } = await simulate({ config, plugins }, { model: "default", wire: "chat" });
    expect(receipt.candidates[0]?.skipped).toContain("is not a provider plugin: create is not a function");
    expect(receipt.served).toBe("two/b");
  });

  it("shows no key, and lets a broken plugin break itself alone", async () => {
    const simulation = await simulate(houseOf({ request: never }), { model: "default", wire: "chat" });
    expect(simulation.receipt.attempts).toMatchObject([
      { outcome: "bad_answer" },
      { outcome: "bad_answer" },
      { ref: "two/b" },
    ]);
    expect(JSON.stringify(simulation)).not.toContain("secret");
  });
});
