import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const enough = 16 * 1024 * 1024;
const interval = 250;

/**
 * Keeps the process's memory where it is after its first seconds under load.
 *
 * V8 may take to making objects old from the start, where those of one place in the code have once outlived a few
 * collections. What a request holds lives for milliseconds: made old, it stays with all that it points to until the
 * next full collection, tens of megabytes a second. And V8 lets the young generation grow on and on: past 16 MiB it buys
 * a gateway no speed.
 *
 * For a program of its own; a library has no business with the flags of its host.
 */
export function steadyMemory(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
    if (young === undefined || young.space_size < enough) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    clearInterval(timer);
  }, interval).unref();
}
