import type { Clock } from "../ports.ts";

/** Time that passes from one alarm to the next, and no faster than what follows from each. */
export interface SimulatedClock extends Clock {
  /** Goes to whatever is due next; false where nothing is. */
  step(): boolean;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** @param start - Milliseconds since 1970. */
export function createSimulatedClock(start: number): SimulatedClock {
  let now = start;
  /** By time; those of one moment in the order in which they were set. */
  let line: readonly Alarm[] = [];
  return {
    now: () => now,
    after: (milliseconds, ring) => {
      const alarm = { at: now + milliseconds, ring };
      line = [...line.filter(({ at }) => at <= alarm.at), alarm, ...line.filter(({ at }) => at > alarm.at)];
      return () => {
        line = line.filter((one) => one !== alarm);
      };
    },
    // What nobody waits for would make an endless run of every run.
    background: () => () => {},
    step: () => {
      const [first, ...rest] = line;
      if (first === undefined) return false;
      line = rest;
      now = first.at;
      first.ring();
      return true;
    },
  };
}
