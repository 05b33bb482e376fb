import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../../tests/harness/virtual-clock.ts";
import { createTraffic } from "../admit/traffic.ts";
import { Cancellation } from "../cancellation.ts";
import { createCandidate } from "../candidate.ts";
import { parseRef } from "../names/index.ts";
import type { ModelFacts, Provider } from "../provider/index.ts";
import type { ProviderEntry } from "../providers.ts";
import { Discovery } from "./discovery.ts";

const minute = 60_000;

/** A provider whose list comes when a test says so. */
function setUp(change: Partial<Provider> = {}, entryChange: Partial<ProviderEntry> = {}) {
  const clock = createVirtualClock();
  const readings: {
    wanted: readonly string[];
    answer(list: readonly ModelFacts[]): void;
    fail(message: string): void;
  }[] = [];
  const provider: Provider = {
    wires: { chat: "exact" },
    origins: ["https://acme.example"],
    within: ["eu"],
    refresh: { every: 10 * minute, keep: 60 * minute },
    places: ({ data }) => (data === undefined ? ["unknown"] : ["de"]),
    request: () => ({ url: "https://acme.example/v1/chat/completions" }),
    failure: () => ({ kind: "bad_answer", message: "" }),
    models: (_ask, wanted) =>
      new Promise((resolve, reject) => {
        readings.push({ wanted, answer: resolve, fail: (message) => reject(new Error(message)) });
      }),
    ...change,
  };
  const entry: ProviderEntry = {
    id: "acme",
    row: undefined,
    disabled: undefined,
    provider,
    models: new Map([["large", { id: "large", contextWindow: 1000 }]]),
    wires: new Map([["chat", "exact"]]),
    headers: {},
    secret: undefined,
    place: undefined,
    timeouts: {},
    traffic: createTraffic(undefined),
    ...entryChange,
  };
  const troubles: string[] = [];
  const discovery = new Discovery({
    entries: new Map([["acme", entry]]),
    configured: new Map([["acme", new Set(["large"])]]),
    transport: { send: () => Promise.reject(new Error("nothing is sent here")) },
    clock,
    onTrouble: (provider, message) => troubles.push(`${provider}: ${message}`),
  });
  const candidate = (model = "large") => {
    const ref = parseRef(`acme/${model}`);
    if (ref === undefined) throw new Error("not a ref");
    return createCandidate(ref, entry);
  };
  const client = new Cancellation();
  const ready = (model?: string) => discovery.ready(candidate(model), undefined, client);
  const facts = (model?: string) => discovery.current(candidate(model)).model;
  return { clock, readings, discovery, candidate, client, ready, facts, troubles };
}

const large: ModelFacts = { id: "large", contextWindow: 5, maxTokens: 7, data: "there" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("discovery", () => {
  it("asks nobody before it is needed, and once for all who need it", async () => {
    const { readings, ready, facts } = setUp();
    await turn();
    expect(readings).toHaveLength(0);
    const waits = [ready(), ready(), ready()];
    expect(readings.map(({ wanted }) => wanted)).toEqual([["large"]]);
    readings[0]?.answer([large]);
    await Promise.all(waits);
    expect(ready()).toBeUndefined();
    expect(facts()).toMatchObject({ data: "there" });
  });

  it("fills in what row and catalog leave open, and says when it was read", async () => {
    const { clock, readings, ready, facts, discovery, candidate } = setUp();
    const wait = ready();
    const began = clock.now();
    await clock.pass(1000);
    readings[0]?.answer([large]);
    await wait;
    expect(facts()).toEqual({ id: "large", contextWindow: 1000, maxTokens: 7, data: "there", readAt: began });
    expect(discovery.current(candidate())).toBe(discovery.current(candidate()));
  });

  it("waits five seconds at most, and no longer than the client", async () => {
    const { clock, client, ready, readings, facts } = setUp();
    let done = false;
    void ready()?.then(() => {
      done = true;
    });
    await clock.pass(4999);
    expect(done).toBe(false);
    await clock.pass(1);
    expect(done).toBe(true);
    const second = ready();
    client.abort();
    await second;
    await ready();
    expect(facts()).toEqual({ id: "large", contextWindow: 1000 });
    readings[0]?.answer([large]);
    await turn();
    expect(facts()).toMatchObject({ data: "there" });
  });

  it("reads a model that comes later after the reading that is under way", async () => {
    const { readings, ready, facts } = setUp();
    const first = ready();
    const second = ready("small");
    expect(readings).toHaveLength(1);
    readings[0]?.answer([large]);
    await first;
    await turn();
    expect(readings[1]?.wanted).toEqual(["large", "small"]);
    readings[1]?.answer([large, { id: "small", data: "too" }]);
    await second;
    expect(facts("small")).toMatchObject({ data: "too" });
  });

  it("remembers that there is no such model, and looks up only so many", async () => {
    const { readings, ready, facts } = setUp();
    const wait = ready("none");
    readings[0]?.answer([large]);
    await wait;
    expect(ready("none")).toBeUndefined();
    expect(facts("none")).toEqual({ id: "none", readAt: expect.any(Number) });
    for (let index = 0; index < 300; index += 1) void ready(`model-${index}`);
    readings[1]?.answer([]);
    await turn();
    expect(Math.max(...readings.map(({ wanted }) => wanted.length))).toBeLessThanOrEqual(256);
    expect(ready("one-more")).toBeUndefined();
  });

  it("keeps what was read while the next readings fail or leave it out, for its time and no longer", async () => {
    const { clock, readings, ready, facts, troubles } = setUp();
    const wait = ready();
    readings[0]?.answer([large]);
    await wait;
    await clock.pass(10 * minute);
    readings[1]?.answer([]);
    await turn();
    expect(facts()).toMatchObject({ data: "there" });
    await clock.pass(10 * minute);
    readings[2]?.fail("out of order");
    await turn();
    expect(troubles).toEqual(["acme: out of order"]);
    await clock.pass(40 * minute - 1);
    expect(facts()).toMatchObject({ data: "there" });
    await clock.pass(1);
    expect(facts()).toEqual({ id: "large", contextWindow: 1000 });
  });

  it("lets a provider rest that has just failed: nobody waits for it until the next try", async () => {
    const { clock, readings, ready } = setUp();
    const wait = ready();
    readings[0]?.fail("out of order");
    await wait;
    expect(ready()).toBeUndefined();
    await clock.pass(14_999);
    expect(readings).toHaveLength(1);
    await clock.pass(1);
    expect(readings).toHaveLength(2);
    readings[1]?.fail("still");
    await turn();
    await clock.pass(29_999);
    expect(readings).toHaveLength(2);
    await clock.pass(1);
    expect(readings).toHaveLength(3);
  });

  it("gives up on a plugin that never comes back", async () => {
    const { clock, ready, troubles } = setUp();
    void ready();
    await clock.pass(15_000);
    expect(troubles).toEqual(["acme: no model list within 15 s"]);
  });

  it("ends with the router", async () => {
    const { clock, readings, ready, discovery, troubles } = setUp();
    const wait = ready();
    discovery.close();
    readings[0]?.fail("too late");
    await wait;
    await clock.pass(60 * minute);
    expect([readings.length, ready(), troubles]).toEqual([1, undefined, []]);
  });

  it.each<[string, Partial<Provider>, Partial<ProviderEntry>]>([
    ["needs none", { refresh: undefined } as unknown as Partial<Provider>, {}],
    ["has no list", { models: undefined } as unknown as Partial<Provider>, {}],
    ["is disabled", {}, { disabled: "no key" }],
    ["has no boundary", { within: undefined } as unknown as Partial<Provider>, {}],
    [
      "has a declared place and promises nothing",
      { within: undefined } as unknown as Partial<Provider>,
      { place: "de" },
    ],
  ])("asks nothing of a provider that %s", (_name, change, entry) => {
    const { readings, ready } = setUp(change, entry);
    expect(ready()).toBeUndefined();
    expect(readings).toHaveLength(0);
  });

  it("survives lists that are none", async () => {
    const odd = setUp({ models: (() => Promise.resolve("x")) as unknown as NonNullable<Provider["models"]> });
    await odd.ready();
    expect(odd.troubles).toHaveLength(1);
    const thrown = setUp({
      models: () => {
        throw new Error("at once");
      },
    });
    await thrown.ready();
    expect(thrown.troubles).toEqual(["acme: at once"]);
  });
});
