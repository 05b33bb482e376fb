import { describe, expect, it } from "vitest";
import { Cancellation } from "../cancellation.ts";
import type { Clock } from "../ports.ts";
import { AttemptClocks } from "./clocks.ts";

/** Time that passes when the test says so. */
function virtualClock(): Clock & { pass(milliseconds: number): void; readonly pending: number } {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    pass(milliseconds) {
      const until = now + milliseconds;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.callback();
      }
      now = until;
    },
    get pending() {
      return timers.length;
    },
  };
}

describe("the clocks of an attempt", () => {
  it("end it when the one that runs is out, and say which", () => {
    const clock = virtualClock();
    const clocks = new AttemptClocks(clock, new Cancellation());
    clocks.start("firstOutput", 100);
    clock.pass(99);
    expect(clocks.aborted).toBe(false);
    clock.pass(1);
    expect([clocks.aborted, clocks.expired]).toEqual([true, "firstOutput"]);
  });

  it("let a stream live as long as frames come, and no longer than the idle clock without one", () => {
    const clock = virtualClock();
    const clocks = new AttemptClocks(clock, new Cancellation());
    clocks.start("firstOutput", 50);
    clocks.startIdle(100);
    for (let frame = 0; frame < 10; frame++) {
      clock.pass(90);
      clocks.touch();
    }
    expect(clocks.aborted).toBe(false);
    clock.pass(100);
    expect(clocks.expired).toBe("idle");
  });

  it("run the total clock beside the others", () => {
    const clock = virtualClock();
    const clocks = new AttemptClocks(clock, new Cancellation());
    clocks.startTotal(250);
    clocks.startIdle(100);
    for (let frame = 0; frame < 5; frame++) {
      clock.pass(50);
      clocks.touch();
    }
    expect(clocks.expired).toBe("total");
  });

  it("leave no timer and no listener behind", () => {
    const clock = virtualClock();
    const client = new Cancellation();
    const clocks = new AttemptClocks(clock, client);
    clocks.startTotal(1000);
    clocks.startIdle(100);
    clocks.stop();
    expect(clock.pending).toBe(0);
    client.abort();
    expect(clocks.aborted).toBe(false);
  });

  it("end with the client, whether it leaves before or after they start", () => {
    const client = new Cancellation();
    const before = new AttemptClocks(virtualClock(), client);
    client.abort();
    const after = new AttemptClocks(virtualClock(), client);
    expect([before.aborted, after.aborted, before.expired]).toEqual([true, true, undefined]);
  });
});
