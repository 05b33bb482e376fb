import { describe, expect, it } from "vitest";
import type { Failure } from "../provider/index.ts";
import { Circuit } from "./circuit.ts";

const second = 1000;
const minute = 60 * second;
const overloaded: Failure = { kind: "overloaded", message: "" };

/** Fails so often, a second apart; the time after that. */
function failTimes(circuit: Circuit, times: number, from: number): number {
  for (let index = 0; index < times; index++) circuit.fail(overloaded, from + index * second, false);
  return from + (times - 1) * second;
}

/** Sends one to see how it is, once that is due. */
function probe(circuit: Circuit, failure: Failure | undefined): number {
  const now = circuit.until;
  expect(circuit.take(now)).toBe(true);
  if (failure === undefined) circuit.succeed(now, now);
  else circuit.fail(failure, now, true);
  circuit.leave();
  return circuit.until - now;
}

describe("a breaker", () => {
  it.each([
    ["four failures", 4, false],
    ["five failures", 5, true],
  ])("after %s in a row is open: %j", (_, times, open) => {
    const circuit = new Circuit();
    const now = failTimes(circuit, times, minute);
    expect(circuit.isShut(now)).toBe(open);
  });

  it("counts only what lies within ten minutes", () => {
    const circuit = new Circuit();
    failTimes(circuit, 4, 0);
    circuit.fail(overloaded, 10 * minute + 3 * second, false);
    expect(circuit.isOpen).toBe(false);
  });

  it("opens for a flaky backend, and not for one failure in many answers", () => {
    const mixed = (answers: number): boolean => {
      const circuit = new Circuit();
      for (let failure = 0; failure < 5; failure++) {
        circuit.fail(overloaded, failure * second, false);
        for (let answer = 0; answer < answers; answer++) circuit.succeed(0, failure * second);
      }
      return circuit.isOpen;
    };
    expect([mixed(0), mixed(3), mixed(30)]).toEqual([true, true, false]);
  });

  it("is open for 30 s, doubling with every failed probe to 15 min", () => {
    const circuit = new Circuit();
    const now = failTimes(circuit, 5, minute);
    expect(circuit.until - now).toBe(30 * second);
    const waits = Array.from({ length: 7 }, () => probe(circuit, overloaded) / second);
    expect(waits).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it("lets one through when half open, and nobody beside it", () => {
    const circuit = new Circuit();
    failTimes(circuit, 5, minute);
    const now = circuit.until;
    expect(circuit.isShut(now - 1)).toBe(true);
    expect(circuit.isShut(now)).toBe(false);
    expect(circuit.take(now)).toBe(true);
    expect([circuit.isShut(now), circuit.take(now)]).toEqual([true, false]);
    circuit.leave();
    expect(circuit.isShut(now)).toBe(false);
  });

  it("closes by the answer of its probe, and goes on doubling where it opens again soon", () => {
    const circuit = new Circuit();
    failTimes(circuit, 5, minute);
    expect(probe(circuit, undefined)).toBeLessThan(0);
    expect(circuit.isOpen).toBe(false);
    const now = failTimes(circuit, 5, 2 * minute);
    expect(circuit.until - now).toBe(60 * second);
    probe(circuit, undefined);
    const later = failTimes(circuit, 5, 60 * minute);
    expect(circuit.until - later).toBe(30 * second);
  });

  it("takes what was asked before it opened for no sign of how it is now", () => {
    const circuit = new Circuit();
    const now = failTimes(circuit, 5, minute);
    circuit.succeed(now - 30 * second, now + second);
    circuit.fail(overloaded, now + second, false);
    expect(circuit.until - now).toBe(30 * second);
    circuit.succeed(now + second, now + 2 * second);
    expect(circuit.isOpen).toBe(false);
  });

  it("is open at least for as long as the backend asked", () => {
    const circuit = new Circuit();
    failTimes(circuit, 4, 0);
    circuit.fail({ ...overloaded, retryAfter: 100 * second }, 5 * second, false);
    expect(circuit.until).toBe(105 * second);
  });

  it("keeps the longer of two waits: one that comes later, and one that a probe would end sooner", () => {
    const circuit = new Circuit();
    const now = failTimes(circuit, 5, 0);
    const asks = (retryAfter: number): Failure => ({ ...overloaded, retryAfter });
    circuit.fail(asks(10 * second), now + second, false);
    expect(circuit.until - now).toBe(30 * second);
    circuit.fail(asks(2 * minute), now + 2 * second, false);
    expect(circuit.until - now).toBe(2 * minute + 2 * second);
    const due = circuit.until;
    expect(circuit.take(due)).toBe(true);
    circuit.fail(asks(10 * minute), due + second, false);
    circuit.fail(overloaded, due + 2 * second, true);
    circuit.leave();
    expect(circuit.until - due).toBe(10 * minute + second);
  });

  it("is forgotten when nothing of it counts any more", () => {
    const circuit = new Circuit();
    failTimes(circuit, 2, 0);
    expect([circuit.isForgotten(minute), circuit.isForgotten(11 * minute)]).toEqual([false, true]);
  });
});
