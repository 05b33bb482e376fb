import { CommanderError } from "commander";
import { ListenError } from "../listen.ts";
import { TracingError } from "../observe/tracing.ts";
import { CommandFailure, exitCodes } from "./exit.ts";
import { createProgram } from "./program.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What the program is started with. */
export interface MainOptions {
  /** URL of the module that starts it: adapters installed beside that one are found. */
  readonly from: string;
  /** Default: the process's streams, environment and folder. */
  readonly terminal?: Terminal;
}

/** Runs a command line, without the names of Node and the program. Resolves with the exit code; never ends the process. */
export async function main(
  argv: readonly string[],
  { from, terminal = processTerminal() }: MainOptions,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram({ terminal, from }, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof CommandFailure || error instanceof ListenError || error instanceof TracingError) {
      terminal.err.line(error.message);
      return error instanceof CommandFailure ? error.exitCode : exitCodes.failed;
    }
    terminal.err.line(`Headgate failed, which is a bug: ${error instanceof Error ? error.stack : String(error)}`);
    return exitCodes.failed;
  }
}
