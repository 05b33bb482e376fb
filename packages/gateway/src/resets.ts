import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Router } from "@headgate/core";
import type { Surroundings } from "./assemble.ts";

/** The name of the file in the state folder: which refs somebody wants asked again, and since when. */
export const resetsFile = "reset.json";

/** Milliseconds between two looks at the file, and only while a breaker is open. */
const lookEvery = 1000;

/** Milliseconds after which a wish is forgotten; no breaker stays open for longer. */
const lasting = 60 * 60_000;

/** Asks whoever runs on this state folder to ask a provider, or one ref, again at once. */
export function wishReset(folder: string, ref: string, now = Date.now()): void {
  const file = join(folder, resetsFile);
  const kept = [...read(file)].filter(([, at]) => now - at < lasting);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(Object.fromEntries([...kept, [ref, now]]))}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Resets what somebody wants reset. Looks at the file only while a breaker is open, and beside the requests. */
export class Resets {
  readonly #file: string;
  readonly #router: () => Router | undefined;
  #timer: NodeJS.Timeout | undefined;
  #version = "";
  /** Wishes up to this time have been seen to. */
  #done = Date.now();

  constructor(folder: string, router: () => Router | undefined) {
    this.#file = join(folder, resetsFile);
    this.#router = router;
  }

  /** What a router is made with, so that a breaker that opens is heard of. */
  along(surroundings: Surroundings): Surroundings {
    return {
      ...surroundings,
      onNotice: (notice) => {
        surroundings.onNotice?.(notice);
        if (notice.kind === "breaker") this.#timer ??= setInterval(() => this.#look(), lookEvery).unref();
      },
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const router = this.#router();
    if (router === undefined || router.breakers().length === 0) {
      this.close();
      return;
    }
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    const version = stats === undefined ? "" : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
    if (version === this.#version) return;
    this.#version = version;
    let latest = this.#done;
    for (const [ref, at] of read(this.#file)) {
      if (at <= this.#done) continue;
      router.reset(ref);
      latest = Math.max(latest, at);
    }
    this.#done = latest;
  }
}

/** Nothing where it is not there, or cannot be read: whoever wants it writes it anew. */
function read(file: string): ReadonlyMap<string, number> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return new Map(
      Object.entries(value ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
    );
  } catch {
    return new Map();
  }
}
