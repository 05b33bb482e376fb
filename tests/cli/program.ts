import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../../packages/headgate/bin/headgate.js", import.meta.url));

/** A folder of its own for a test: working directory and home. */
export interface Folder {
  readonly path: string;
  /** Writes a config, and gives back the file's name. */
  config(value: unknown, name?: string): string;
  remove(): void;
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "headgate-cli-"));
  return {
    path,
    config: (value, name = "headgate.json5") => {
      const file = join(path, name);
      writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface ProgramOptions {
  readonly cwd: string;
  /** Beside PATH and HOME, which is the working directory: nothing of this machine's is seen. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The program's file. Default: what was built here. */
  readonly bin?: string;
  /** What it is run by: a command that ends in running the words after its own. Default: nothing. */
  readonly under?: readonly string[];
}

/** A `headgate` that runs as a process of its own. */
export interface Program {
  readonly stdout: string;
  readonly stderr: string;
  /** The text of stdout once it holds this, or an error with all that was said when the program ends before. */
  until(text: string): Promise<string>;
  /** The URL of the ready line. */
  url(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Exit code; a signal's name when one ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Ends it at once, whatever it does. */
  [Symbol.asyncDispose](): Promise<void>;
}

export function startProgram(
  words: readonly string[],
  { cwd, environment, bin = built, under = [] }: ProgramOptions,
): Program {
  const [program = "", ...rest] = [...under, process.execPath, bin, ...words];
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const until = (text: string) => waitFor(child, said, text);
  return {
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    until,
    url: async () => {
      const [, url = ""] = /Headgate listening on (\S+)\n/.exec(await until("\n")) ?? [];
      return url;
    },
    signal: (name) => child.kill(name),
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function waitFor(child: ChildProcess, said: { stdout: string; stderr: string }, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!said.stdout.includes(text)) return;
      child.stdout?.off("data", look);
      resolve(said.stdout);
    };
    child.stdout?.on("data", look);
    child.once("close", () =>
      reject(new Error(`it ended before saying ${JSON.stringify(text)}:\n${said.stdout}${said.stderr}`)),
    );
    look();
  });
}

/** What a command said, once it has ended. */
export interface Outcome {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON. */
  readonly json: () => unknown;
}

export async function runProgram(words: readonly string[], options: ProgramOptions): Promise<Outcome> {
  const program = startProgram(words, options);
  const code = await program.ended;
  return { code, stdout: program.stdout, stderr: program.stderr, json: () => JSON.parse(program.stdout) };
}
