import { describe, expect, it, vi } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { follow } from "./harness/follow.ts";
import { hello } from "./harness/gateway.ts";
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

/** However long the first takes, nobody else is asked; then its client leaves. */
async function expectFirstAlone(
  { one, two, gateway, clock }: Awaited<ReturnType<typeof startHouseOfTwo>>,
  milliseconds: number,
): Promise<void> {
  const leaving = new AbortController();
  const reply = gateway.say("chat", { model: "main", signal: leaving.signal });
  await one.waitFor(() => true);
  await clock.pass(milliseconds);
  expect(two.requests).toEqual([]);
  leaving.abort();
  await reply.catch(() => undefined);
  await nothingLeft([one]);
}

describe("hedging", () => {
  it("is off by default: one attempt is in flight at a time", async () => {
    const house = await startHouseOfTwo();
    house.one.fail({ kind: "hang" });
    await expectFirstAlone(house, 60 * seconds);
  });

  it("sends nothing elsewhere than the first would have: a hosted model is not raced against a local one unasked", async () => {
    const house = await startSlow({ other: { place: "us" } });
    await expectFirstAlone(house, 10 * seconds);
  });
});

describe("hedging inside a boundary", () => {
  it("races those who both lie in it", async () => {
    const within = { hedge: { after: "2s" }, within: "us" };
    const { one, two, gateway, clock } = await startHouseOfTwo({ route: within, other: { place: "us" } });
    one.fail({ kind: "hang" });
    const reply = gateway.say("chat", { model: "main" });
    await one.waitFor(() => true);
    await clock.pass(2 * seconds);
    expect((await reply).headers["x-headgate-model"]).toBe(second);
    expect(two.requests).toHaveLength(1);
    await nothingLeft([one, two]);
  });

  it("asks nobody beyond it, however slow the first is", async () => {
    const within = { hedge: { after: "2s" }, within: "eu" };
    const house = await startHouseOfTwo({ route: within, other: { place: "us" } });
    house.one.fail({ kind: "hang" });
    await expectFirstAlone(house, 10 * seconds);
  });

  it("goes on with a stream that a heartbeat has begun", async () => {
    const { one, two, gateway, clock } = await startHouseOfTwo({ route: { hedge: { after: "12s" } } });
    one.fail({ kind: "hang" });
    const body = dialects.messages.writeRequest(hello, "main", true);
    const stream = follow(gateway.origin + dialects.messages.path, { body, headers: dialects.messages.headers });
    await one.waitFor(() => true);
    await clock.pass(11 * seconds);
    await stream.until(({ events }) => events.length > 0);
    expect(two.requests).toEqual([]);
    await clock.pass(2 * seconds);
    await stream.until(({ end }) => end !== undefined);
    expect(stream.end).toBe("whole");
    expect(dialects.messages.readStream(stream.events).text).toContain("Hello");
    await vi.waitFor(() => expect(gateway.receipts[0]).toMatchObject({ served: second, outcome: "ok" }), {
      interval: 2,
    });
    await nothingLeft([one, two]);
  });
});
