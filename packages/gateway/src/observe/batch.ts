/** Where batches of lines go. */
export interface LineSink {
  /** Takes whole lines, and never waits. */
  write(lines: string): void;
  /** Writes what it still holds before it returns. */
  flushSync(): void;
}

/** Lines that are held back until there are enough of them, or the first has waited long enough. */
export interface LineBatch {
  write(line: string): void;
  /** Hands on what is held back, and writes it. */
  flush(): void;
}

const mostLines = 32;
const longestWait = 250;

/** One write for many lines costs less than half as much for each. */
export function createLineBatch(sink: LineSink): LineBatch {
  let held = "";
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const handOn = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const lines = held;
    held = "";
    count = 0;
    if (lines !== "") sink.write(lines);
  };
  return {
    write: (line) => {
      held += line;
      count += 1;
      if (count >= mostLines) handOn();
      else timer ??= setTimeout(handOn, longestWait).unref();
    },
    flush: () => {
      handOn();
      sink.flushSync();
    },
  };
}
