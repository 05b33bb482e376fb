import { describe, expect, it, vi } from "vitest";
import { first, second, startHouseOfTwo } from "./harness/house-of-two.ts";
import { nothingLeft } from "./harness/stack.ts";

const route = { hedge: { after: "2s" } };
const seconds = 1000;

/** The first hangs; the request has reached it. */
async function startSlow(more: Parameters<typeof startHouseOfTwo>[0] = {}) {
  const stack = await startHouseOfTwo({ route, ...more });
  stack.one.fail({ kind: "hang" });
  return stack;
}

describe.each([
  ["streamed", true],
  ["whole", false],
])("a route that hedges, %s", (_, stream) => {
  it("asks the next one beside a slow one after its time, and cancels the slow one at the first output", async () => {
    const { one, two, gateway, clock } = await startSlow();
    const reply = gateway.say("chat", { model: "main", stream });
    await one.waitFor(() => true);
    await clock.pass(1.9 * seconds);
    expect(two.requests).toEqual([]);
    await clock.pass(0.2 * seconds);
    expect(await reply).toMatchObject({ status: 200, headers: { "x-headgate-model": second } });
    await nothingLeft([one, two]);
    await vi.waitFor(() => expect(gateway.receipts).toHaveLength(1), { interval: 2 });
    expect(gateway.receipts[0]).toMatchObject({
      served: second,
      outcome: "ok",
      attempts: [
        { ref: first, outcome: "aborted", message: expect.stringContaining("another candidate") },
        { ref: second, outcome: "ok" },
      ],
      usage: { inputTokens: expect.any(Number) },
    });
    expect(gateway.router.breakers()).toEqual([]);
  });

  it("asks nobody else where the first is in time", async () => {
    const { one, two, gateway } = await startSlow();
    one.heal();
    const reply = await gateway.say("chat", { model: "main", stream });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${first}:ok`);
    expect(two.requests).toEqual([]);
  });

  it("waits for the slow one where the other fails, and takes its answer", async () => {
    const { one, two, gateway, clock } = await startSlow();
    one.fail({ kind: "slow-first-byte", ms: 400 });
    two.fail({ kind: "status", status: 400 });
    const reply = gateway.say("chat", { model: "main", stream });
    await one.waitFor(() => true);
    await clock.pass(2 * seconds);
    await two.waitFor(() => true);
    expect((await reply).headers["x-headgate-attempts"]).toBe(`${first}:ok,${second}:unsupported`);
  });

  it("cancels both when the client leaves", async () => {
    const { one, two, gateway, clock } = await startSlow();
    two.fail({ kind: "hang" });
    const leaving = new AbortController();
    const reply = gateway.say("chat", { model: "main", stream, signal: leaving.signal });
    await one.waitFor(() => true);
    await clock.pass(2 * seconds);
    await two.waitFor(() => true);
    leaving.abort();
    await reply.catch(() => undefined);
    await nothingLeft([one, two]);
    await vi.waitFor(() => expect(gateway.receipts[0]?.outcome).toBe("aborted"), { interval: 2 });
  });
});

describe("hedging", () => {
  it("is off by default: one attempt is in flight at a time", async () => {
    const { one, two, gateway, clock } = await startHouseOfTwo();
    one.fail({ kind: "hang" });
    const leaving = new AbortController();
    const reply = gateway.say("chat", { model: "main", signal: leaving.signal });
    await one.waitFor(() => true);
    await clock.pass(60 * seconds);
    expect(two.requests).toEqual([]);
    leaving.abort();
    await reply.catch(() => undefined);
    await nothingLeft([one]);
  });

  it("sends nothing elsewhere than the first would have: a hosted model is not raced against a local one unasked", async () => {
    const { one, two, gateway, clock } = await startSlow({ other: { place: "us" } });
    const leaving = new AbortController();
    const reply = gateway.say("chat", { model: "main", signal: leaving.signal });
    await one.waitFor(() => true);
    await clock.pass(10 * seconds);
    expect(two.requests).toEqual([]);
    leaving.abort();
    await reply.catch(() => undefined);
    await nothingLeft([one]);
  });
});
