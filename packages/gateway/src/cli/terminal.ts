import { createInterface } from "node:readline/promises";
import type { Environment } from "@headgate/core";
import picocolors from "picocolors";

/** One of the two streams of the program. */
export interface Outlet {
  /** Writes a line. */
  line(text?: string): void;
  /** Writes as it is. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Does nothing where colours are not wanted. */
  readonly paint: ReturnType<typeof picocolors.createColors>;
}

/** What a command may know of the world, and how it speaks. */
export interface Terminal {
  /** Results. */
  readonly out: Outlet;
  /** Progress, problems and logs. */
  readonly err: Outlet;
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** Asks the user a question; `undefined` where they left without an answer. Absent where nobody is there to ask. */
  readonly ask?: (question: string) => Promise<string | undefined>;
}

/** The process's own. */
export function processTerminal(): Terminal {
  return {
    out: streamOutlet(process.stdout),
    err: streamOutlet(process.stderr),
    environment: process.env,
    workingDirectory: process.cwd(),
    ...(process.stdin.isTTY === true && process.stderr.isTTY === true && { ask: askUser }),
  };
}

async function askUser(question: string): Promise<string | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<undefined>((resolve) => reader.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([reader.question(question), left]);
  } finally {
    reader.close();
  }
}

function streamOutlet(stream: NodeJS.WriteStream): Outlet {
  const isTerminal = stream.isTTY === true;
  // Whoever read it, `head` for one, has read enough.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    line: (text = "") => stream.write(`${text}\n`),
    write: (text) => stream.write(text),
    isTerminal,
    paint: picocolors.createColors(wantsColor(isTerminal, process.env)),
  };
}

/** https://no-color.org, and its opposite. */
export function wantsColor(isTerminal: boolean, environment: Environment): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== "0";
  return isTerminal && environment.TERM !== "dumb";
}
