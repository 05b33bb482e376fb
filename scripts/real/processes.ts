import { execFile, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { constants, setPriority } from "node:os";

/** How a program is run. */
export interface Run {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program to its end, with a low priority. Resolves with all that it wrote, and rejects with the last of what it wrote. */
export function runProgram(
  file: string,
  parameters: readonly string[],
  { cwd, environment }: Run = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      [...parameters],
      { cwd, env: { ...process.env, ...environment }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr);
        else reject(new Error(`${file} failed: ${lastLines(stderr || stdout || error.message)}`));
      },
    );
    yieldTo(child.pid);
  });
}

/** A server that was started. */
export interface Server {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** What to start, where the port goes, and what is asked until it answers with a 200. */
export interface ServerCommand extends Run {
  readonly file: string;
  readonly parameters: (port: number) => readonly string[];
  readonly health: string;
  readonly readyWithinMs: number;
}

/** Starts a server on a free port and waits until it is ready. Rejects with the last of what it wrote. */
export async function startServer(command: ServerCommand): Promise<Server> {
  const port = await freePort();
  const child = spawn(command.file, command.parameters(port), {
    cwd: command.cwd,
    env: { ...process.env, ...command.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  yieldTo(child.pid);
  let written = "";
  const keep = (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-4000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<"ended">((resolve) => {
    child.once("error", () => resolve("ended"));
    child.once("exit", () => resolve("ended"));
  });
  const end = () => kill(child.pid);
  process.once("exit", end);
  const close = async () => {
    process.off("exit", end);
    end();
    await ended;
  };
  const origin = `http://127.0.0.1:${port}`;
  if (await isReady(origin + command.health, command.readyWithinMs, ended)) return { origin, close };
  await close();
  throw new Error(`${command.file} did not become ready: ${lastLines(written)}`);
}

const pauseMs = 250;

async function isReady(url: string, withinMs: number, ended: Promise<"ended">): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const status = await fetch(url).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status === 200) return true;
    const next = await Promise.race([
      ended,
      new Promise<"waited">((resolve) => setTimeout(resolve, pauseMs, "waited")),
    ]);
    if (next === "ended") return false;
  }
  return false;
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The machine is there for other things too. */
function yieldTo(pid: number | undefined): void {
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-8).join("\n");
