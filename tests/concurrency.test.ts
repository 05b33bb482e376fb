import type { Fault } from "@headgate/simulator";
import { describe, expect, it, vi } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { type Followed, follow } from "./harness/follow.ts";
import { type Gateway, hello } from "./harness/gateway.ts";
import { first, second, sibling, startHouseOfTwo } from "./harness/house-of-two.ts";
import { nothingLeft } from "./harness/stack.ts";

const row = { concurrency: { max: 1, queue: 2, wait: "30s" } };
const hold: Fault = { kind: "hang-after", outputs: 1 };

const slots = ({ router }: Gateway) => router.providers.get("first")?.traffic.slots;
const waiting = ({ gateway }: { gateway: Gateway }, count: number) =>
  vi.waitFor(() => expect(slots(gateway)?.waiting).toBe(count), { interval: 2, timeout: 5000 });

/** A stream that has begun, and goes on until its client leaves. */
async function begin(gateway: Gateway, model = first): Promise<Followed> {
  const body = dialects.chat.writeRequest(hello, model, true);
  const stream = follow(gateway.origin + dialects.chat.path, { body });
  await stream.until(({ events }) => events.length > 0);
  return stream;
}

describe("a provider that takes one exchange at a time", () => {
  it("is not asked for another while a stream of its goes on, and is as soon as that has ended", async () => {
    const stack = await startHouseOfTwo({ row });
    const { one, gateway } = stack;
    one.failNext(hold);
    const stream = await begin(gateway);
    const next = gateway.say("chat", { model: sibling });
    await waiting(stack, 1);
    expect(one.requests).toHaveLength(1);
    stream.leave();
    expect((await next).headers["x-headgate-attempts"]).toBe(`${sibling}:ok`);
    expect(slots(gateway)).toMatchObject({ taken: 0, waiting: 0 });
  });

  it("is never asked for two at once, whatever becomes of them", async () => {
    const { one, gateway } = await startHouseOfTwo({ row: { concurrency: { max: 1, queue: 100 } } });
    let most = 0;
    one.answer(() => {
      most = Math.max(most, one.activeRequests);
      return { text: "hi" };
    });
    one.failNext({ kind: "cut-after", outputs: 1 }, { kind: "empty" }, { kind: "status", status: 500 });
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) => gateway.say("chat", { model: first, stream: index % 2 === 0 })),
    );
    expect(replies).toHaveLength(24);
    expect(most).toBe(1);
    expect(slots(gateway)).toMatchObject({ taken: 0, waiting: 0 });
  });

  it("that is full is passed over at once where another candidate has room", async () => {
    const { one, gateway } = await startHouseOfTwo({ row });
    one.failNext(hold);
    const stream = await begin(gateway);
    const reply = await gateway.say("chat", { model: "main" });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${second}:ok`);
    expect(gateway.receipts.at(-1)?.candidates[0]).toMatchObject({
      ref: first,
      skipped: "1 of 1 places are taken, and another candidate has room",
    });
    stream.leave();
    await nothingLeft([one]);
  });

  it("is waited for all the same where the one that had room fails", async () => {
    const stack = await startHouseOfTwo({ row });
    const { one, two, gateway } = stack;
    one.failNext(hold);
    two.fail({ kind: "status", status: 400 });
    const stream = await begin(gateway);
    const next = gateway.say("chat", { model: "main" });
    await waiting(stack, 1);
    stream.leave();
    expect((await next).headers["x-headgate-attempts"]).toBe(`${second}:unsupported,${first}:ok`);
    expect(gateway.receipts.at(-1)?.candidates[0]?.skipped).toBeUndefined();
  });

  it("turns away who comes to a full queue, and who has waited too long, as overloaded and without a failure to its name", async () => {
    const stack = await startHouseOfTwo({ row });
    const { one, gateway, clock } = stack;
    one.failNext(hold);
    const stream = await begin(gateway);
    const late = [1, 2].map(() => gateway.say("messages", { model: first }));
    await waiting(stack, 2);
    const full = await gateway.say("chat", { model: first });
    expect([full.status, full.text]).toEqual([503, expect.stringContaining("2 requests wait already")]);
    await clock.pass(30_000);
    for (const reply of await Promise.all(late)) {
      expect([reply.status, reply.text]).toEqual([529, expect.stringContaining("no place within 30 s")]);
    }
    expect(gateway.receipts.at(-1)?.attempts).toMatchObject([{ outcome: "overloaded", queued: 30_000 }]);
    expect(gateway.router.breakers()).toEqual([]);
    expect(one.requests).toHaveLength(1);
    stream.leave();
    await nothingLeft([one]);
  });

  it("forgets at once a client that leaves the queue, and sends nothing for it", async () => {
    const stack = await startHouseOfTwo({ row });
    const { one, gateway } = stack;
    one.failNext(hold);
    const stream = await begin(gateway);
    const leaving = new AbortController();
    const gone = gateway.say("chat", { model: first, stream: true, signal: leaving.signal });
    await waiting(stack, 1);
    leaving.abort();
    await gone.catch(() => undefined);
    await waiting(stack, 0);
    await vi.waitFor(() => expect(gateway.receipts.at(-1)?.outcome).toBe("aborted"), { interval: 2 });
    stream.leave();
    await nothingLeft([one]);
    expect(one.requests).toHaveLength(1);
    expect((await gateway.say("chat", { model: first })).status).toBe(200);
  });
});

describe("a provider without a limit", () => {
  it("has no queue", async () => {
    const { gateway } = await startHouseOfTwo();
    expect(slots(gateway)).toBeUndefined();
  });
});

describe("an outage", () => {
  it("is not multiplied: repeats are a fifth of the requests", async () => {
    const { one, gateway, clock } = await startHouseOfTwo();
    one.fail({ kind: "status", status: 529 });
    const replies: Promise<unknown>[] = [];
    for (let index = 0; index < 100; index++) replies.push(gateway.say("chat", { model: first }));
    await vi.waitFor(() => expect(one.requests.length).toBeGreaterThanOrEqual(100), { interval: 5, timeout: 10_000 });
    await clock.pass(1000);
    await Promise.all(replies);
    expect(one.requests.length).toBeLessThanOrEqual(120);
  });
});
