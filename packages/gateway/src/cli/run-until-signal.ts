import type { Gateway } from "../gateway.ts";
import { exitCodes } from "./exit.ts";
import type { Outlet } from "./terminal.ts";

const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
type Signal = keyof typeof numbers;

/** Milliseconds that running answers get after the first signal. */
const graceMs = 30_000;

/**
 * Serves until the first signal, then lets running answers end; a second one ends at once. The exit code: 0 after a
 * clean drain, 1 when answers were cut, 128 and the signal's number after a second one.
 */
export async function runUntilSignal(
  gateway: Gateway,
  outlet: Outlet,
  alsoClose?: () => Promise<void>,
): Promise<number> {
  const signals = listenForSignals();
  try {
    await signals.next();
    const closing = gateway.close({ graceMs });
    const second = signals.next();
    const notice = setTimeout(
      () => outlet.line("Ending when running answers are done, in 30 s at most. Again: at once."),
      200,
    );
    const ended = await Promise.race([closing, second]);
    clearTimeout(notice);
    if (typeof ended === "boolean") {
      if (!ended) outlet.line("Answers that took longer than 30 s were cut.");
      return ended ? exitCodes.done : exitCodes.failed;
    }
    await gateway.close({ graceMs: 0 });
    return 128 + numbers[ended];
  } finally {
    signals.stop();
    await alsoClose?.();
  }
}

function listenForSignals(): { next(): Promise<Signal>; stop(): void } {
  const received: Signal[] = [];
  let waiting: ((signal: Signal) => void) | undefined;
  const take = (signal: Signal): void => {
    if (waiting === undefined) received.push(signal);
    else waiting(signal);
    waiting = undefined;
  };
  process.on("SIGINT", take);
  process.on("SIGTERM", take);
  return {
    next: () =>
      new Promise((resolve) => {
        const signal = received.shift();
        if (signal === undefined) waiting = resolve;
        else resolve(signal);
      }),
    stop: () => {
      process.off("SIGINT", take);
      process.off("SIGTERM", take);
    },
  };
}
