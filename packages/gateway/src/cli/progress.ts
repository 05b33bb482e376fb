import type { Outlet } from "./terminal.ts";

/** Something that takes its time. */
export interface Progress {
  /** @param fraction - From 0 to 1; `undefined` where nobody knows. */
  to(fraction: number | undefined): void;
  /** Leaves a clean line. May be called again. */
  end(): void;
}

/** Milliseconds between two looks of the line. */
const interval = 200;
const width = 30;

/** One line that changes at a terminal, one line for all elsewhere. */
export function showProgress(err: Outlet, what: string, now: () => number = () => performance.now()): Progress {
  const since = now();
  let fraction: number | undefined;
  if (!err.isTerminal) {
    err.line(`${what} …`);
    return { to: () => {}, end: () => {} };
  }
  const draw = (): void => err.write(`\r\x1b[K${what} ${barOf(fraction)} ${Math.floor((now() - since) / 1000)} s`);
  const timer = setInterval(draw, interval);
  draw();
  let ended = false;
  return {
    to: (reported) => {
      fraction = reported ?? fraction;
      if (!ended) draw();
    },
    end: () => {
      clearInterval(timer);
      if (!ended) err.write("\r\x1b[K");
      ended = true;
    },
  };
}

/** `█████░░░░░  50 %`; three dots where nobody knows. */
export function barOf(fraction: number | undefined): string {
  if (fraction === undefined) return "…";
  const full = Math.round(Math.min(Math.max(fraction, 0), 1) * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
}
