import type { Clock } from "../ports.ts";

/** Calls back once, without keeping a process up for it where the clock can tell the two apart. */
export const inBackground = (clock: Clock, milliseconds: number, callback: () => void): (() => void) =>
  clock.background === undefined ? clock.after(milliseconds, callback) : clock.background(milliseconds, callback);

/** The work's result, or an Error with `message` when that takes too long. */
export function inTime<Result>(
  clock: Clock,
  milliseconds: number,
  work: Promise<Result>,
  message: string,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new Error(message)));
    work.then(resolve, reject).finally(cancel);
  });
}
