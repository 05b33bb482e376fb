import type { Clock } from "@headgate/core";

/** Time that passes when a test says so. */
export interface VirtualClock extends Clock {
  /** Lets time pass: what is due happens in its order, and whatever follows from it before the next. */
  pass(milliseconds: number): Promise<void>;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

const start = Date.UTC(2026, 10, 1);

export function createVirtualClock(): VirtualClock {
  const alarms = new Set<Alarm>();
  let now = start;
  const nextUntil = (end: number): Alarm | undefined =>
    [...alarms].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  return {
    now: () => now,
    after: (milliseconds, ring) => {
      const alarm = { at: now + milliseconds, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    pass: async (milliseconds) => {
      const end = now + milliseconds;
      for (let alarm = nextUntil(end); alarm !== undefined; alarm = nextUntil(end)) {
        alarms.delete(alarm);
        now = alarm.at;
        alarm.ring();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}
