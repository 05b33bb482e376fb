import type { Clock } from "@headgate/core";

/** Time that stands still until everything that is due has been dealt with. */
export interface ChaosClock extends Clock {
  /** Goes to whatever is due next; false when nothing is. */
  step(): boolean;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
  isOff: boolean;
}

/** Alarms in a line ordered by time; those of one moment ring in the order in which they were set. */
export function createChaosClock(): ChaosClock {
  let now = 1_800_000_000_000;
  const line: Alarm[] = [];
  const after = (milliseconds: number, ring: () => void): (() => void) => {
    const alarm: Alarm = { at: now + milliseconds, ring, isOff: false };
    let place = line.length;
    while (place > 0 && (line[place - 1]?.at ?? 0) > alarm.at) place--;
    line.splice(place, 0, alarm);
    return () => {
      alarm.isOff = true;
    };
  };
  return {
    now: () => now,
    after,
    // What nobody waits for would make an endless run of every run.
    background: () => () => {},
    step: () => {
      for (let alarm = line.shift(); alarm !== undefined; alarm = line.shift()) {
        if (alarm.isOff) continue;
        now = alarm.at;
        alarm.ring();
        return true;
      }
      return false;
    },
  };
}
