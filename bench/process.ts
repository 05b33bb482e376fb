import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly port: number;
  /** Microseconds of CPU used so far, user and system. */
  cpu(): number;
  /** Resident memory in MiB. */
  rss(): number;
  stop(): Promise<void>;
}

export const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Receipts of a benchmark are no receipts of this user's. */
export const state = mkdtempSync(join(tmpdir(), "headgate-bench-"));
process.once("exit", () => rmSync(state, { recursive: true, force: true }));

/** Starts a process and waits for the line that names its port. */
export async function start(command: readonly string[], ready: RegExp, cwd?: string): Promise<Subject> {
  const [program = process.execPath, ...rest] = command;
  // The log of what is measured is written all the same, and thrown away.
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "ignore"],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, NODE_ENV: "production", XDG_STATE_HOME: state },
  });
  const port = await portOf(child, ready);
  return {
    port,
    cpu: () => cpuOf(child.pid ?? 0),
    rss: () => rssOf(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

function portOf(child: ChildProcess, ready: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.once("exit", (code) => reject(new Error(`ended with ${code} before it was ready: ${output}`)));
    child.once("error", reject);
    child.stdout?.on("data", (data: Buffer) => {
      output += data.toString();
      const port = ready.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/** Clock ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const tick = 10_000;

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

/** What one run of the load generator saw. */
export interface Load {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  readonly ttfb50: number;
  readonly frames: number;
  readonly bad: number;
  /** Exchanges with backends that the answers tell of, where `models` were asked. */
  readonly attempts: number;
}

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  readonly seconds: number;
  readonly concurrency: number;
  readonly stream: boolean;
  readonly model: string;
  /** Asked in turn, instead of `model`. */
  readonly models?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly requests?: number;
  /** All that a coding agent sends, instead of one question. */
  readonly large?: boolean;
}

/** Runs the load generator in a process of its own. */
export function load(options: LoadOptions): Promise<Load> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [here("load.mjs"), JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    // Its one line is all that counts: how the process ends is not waited for.
    const end = (act: () => void): void => {
      clearTimeout(limit);
      child.kill("SIGKILL");
      act();
    };
    const limit = setTimeout(
      () => {
        end(() => reject(new Error("the load generator printed no result in time")));
      },
      options.seconds * 1000 + 20_000,
    );
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (output.endsWith("\n")) end(() => resolve(JSON.parse(output) as Load));
    });
    child.once("error", (error) => end(() => reject(error)));
    child.once("exit", (code) => {
      if (output === "") end(() => reject(new Error(`the load generator ended with ${code}`)));
    });
  });
}
