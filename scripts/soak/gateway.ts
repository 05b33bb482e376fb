import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/headgate/bin/headgate.js", import.meta.url));

/** What a process holds. */
export interface Sample {
  /** Seconds since the load began. */
  readonly at: number;
  /** Resident memory, MiB. */
  readonly rss: number;
  /** Open files and sockets. */
  readonly handles: number;
}

/** A gateway as a process of its own. */
export class GatewayProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#ended = once(child, "exit");
    this.url = url;
  }

  static async start(folder: string, environment: Readonly<Record<string, string>>): Promise<GatewayProcess> {
    const child = spawn(process.execPath, [bin, "serve", "--port", "0"], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    for await (const chunk of child.stdout) {
      said += String(chunk);
      const [, url] = /listening on (\S+)\n/.exec(said) ?? [];
      if (url !== undefined) return new GatewayProcess(child, url);
    }
    throw new Error("the gateway ended before it listened");
  }

  /** Linux tells what a process holds; elsewhere there is nothing to say. */
  sample(at: number): Sample {
    const { pid } = this.#child;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    return { at, rss, handles: readdirSync(`/proc/${pid}/fd`).length };
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }
}
