import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../../tests/harness/virtual-clock.ts";
import { Cancellation } from "../cancellation.ts";
import { type NoSlot, type Slot, Slots } from "./slots.ts";

/** Slots, the order in which clients got one, and how to ask for one and give one back. */
function desk(max: number, queue = 100) {
  const slots = new Slots({ max, queue, wait: 1000 });
  const clock = createVirtualClock();
  const held: Slot[] = [];
  const order: string[] = [];
  const turned: NoSlot[] = [];
  const ask = (client: string, signal = new Cancellation()): Cancellation => {
    void Promise.resolve(slots.enter(client, signal, clock)).then((slot) => {
      if (typeof slot === "string") turned.push(slot);
      else {
        held.push(slot);
        order.push(client);
      }
    });
    return signal;
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const release = async (): Promise<void> => {
    await settle();
    held.shift()?.release();
    await settle();
  };
  return { slots, clock, order, turned, ask, release, settle };
}

describe("the places of a provider", () => {
  it("are as many as the row says, and each is free again once it is given back, twice or not", async () => {
    const slots = new Slots({ max: 2, queue: 0, wait: 1 });
    const clock = createVirtualClock();
    const enter = () => slots.enter("", new Cancellation(), clock);
    const one = enter();
    enter();
    expect(enter()).toBe("full");
    if (typeof one !== "object" || !("release" in one)) throw new Error("no slot");
    one.release();
    one.release();
    expect(slots.taken).toBe(1);
    enter();
    expect(enter()).toBe("full");
  });

  it("go round the clients: one that sends many does not shut out one that sends few", async () => {
    const { ask, release, order } = desk(1);
    for (const client of ["a", "a", "a", "a", "b", "c", "b"]) ask(client);
    for (let index = 0; index < 7; index++) await release();
    expect(order).toEqual(["a", "a", "b", "c", "a", "b", "a"]);
  });

  it("are not waited for longer than the row says, nor by more", async () => {
    const { ask, clock, turned, slots, settle } = desk(1, 2);
    for (const client of ["a", "b", "c", "d"]) ask(client);
    await settle();
    expect(turned).toEqual(["full"]);
    await clock.pass(1000);
    expect(turned).toEqual(["full", "late", "late"]);
    expect(slots.waiting).toBe(0);
  });

  it("are left at once by a client that leaves the queue", async () => {
    const { ask, release, order, turned, slots, settle } = desk(1);
    ask("a");
    const leaving = ask("b");
    ask("c");
    leaving.abort();
    await settle();
    expect([turned, slots.waiting]).toEqual([["left"], 1]);
    await release();
    expect(order).toEqual(["a", "c"]);
  });
});
