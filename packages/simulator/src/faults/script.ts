import type { SimWire } from "../wires/frame.ts";
import type { Fault } from "./fault.ts";

/** What a fault is matched against. */
export interface FaultSubject {
  readonly model: string | undefined;
  readonly wire: SimWire | undefined;
  readonly stream: boolean;
}

interface Entry {
  readonly fault: Fault;
  left: number;
}

/** Which fault hits which request: queued ones first, in order, then standing ones, the newest first. */
export interface FaultScript {
  fail(fault: Fault): void;
  failNext(faults: readonly Fault[]): void;
  heal(): void;
  take(subject: FaultSubject): Fault | undefined;
}

const fits = ({ match = {} }: Fault, subject: FaultSubject): boolean =>
  (match.model === undefined || match.model === subject.model) &&
  (match.wire === undefined || match.wire === subject.wire) &&
  (match.stream === undefined || match.stream === subject.stream);

export function createFaultScript(): FaultScript {
  let queue: Entry[] = [];
  let standing: Entry[] = [];
  const takeFrom = (entries: Entry[], subject: FaultSubject): Fault | undefined => {
    const entry = entries.find((each) => each.left > 0 && fits(each.fault, subject));
    if (entry) entry.left -= 1;
    return entry?.fault;
  };
  return {
    fail: (fault) => {
      standing = [{ fault, left: fault.times ?? Number.POSITIVE_INFINITY }, ...standing];
    },
    failNext: (faults) => {
      queue = [...queue, ...faults.map((fault) => ({ fault, left: fault.times ?? 1 }))];
    },
    heal: () => {
      queue = [];
      standing = [];
    },
    take: (subject) => {
      const fault = takeFrom(queue, subject) ?? takeFrom(standing, subject);
      queue = queue.filter((entry) => entry.left > 0);
      standing = standing.filter((entry) => entry.left > 0);
      return fault;
    },
  };
}
