import { isDeepStrictEqual } from "node:util";
import type { ConfigProblem, GatewayConfig } from "@headgate/core";
import { type Assembled, assemble, ConfigRefused, isFatal, type Surroundings } from "../assemble.ts";
import type { ReadConfig } from "../config-file.ts";
import { type Current, Serving } from "../http/serving.ts";
import { fixedProblems } from "./fixed.ts";

/** What became of a config that was read again. */
export type ReloadOutcome =
  | { readonly kind: "applied"; readonly problems: readonly ConfigProblem[] }
  /** It says what is served already. */
  | { readonly kind: "unchanged" }
  /** The one before goes on serving. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigProblem[] };

/** What a reload works with. */
export interface ReloaderOptions {
  /** The config that serves at first, and what was wrong with it. */
  readonly read: ReadConfig;
  readonly problems: readonly ConfigProblem[];
  readonly readAgain: () => ReadConfig;
  readonly from: string;
  readonly surroundings: Surroundings;
  readonly current: Current;
  /** Called once the new config serves. */
  readonly onApplied: (gateway: GatewayConfig) => void;
  readonly onOutcome: (outcome: ReloadOutcome) => void;
}

/** Puts a new config in the place of the one that serves, whole or not at all. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #value: unknown;
  #problems: readonly ConfigProblem[];
  #refusedAt: number | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#value = options.read.value;
    this.#problems = options.problems;
  }

  /** Since when the file says something that is not served; milliseconds since 1970. */
  get refusedAt(): number | undefined {
    return this.#refusedAt;
  }

  /** Reads the config again; one at a time. Never rejects. */
  reload(): Promise<ReloadOutcome> {
    const outcome = this.#last.then(() => this.#reload());
    this.#last = outcome;
    return outcome;
  }

  /** What is under way comes to its end; nothing is begun. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #reload(): Promise<ReloadOutcome> {
    const outcome = this.#closed ? ({ kind: "unchanged" } as const) : await this.#try();
    if (outcome.kind !== "refused") this.#refusedAt = undefined;
    else this.#refusedAt ??= Date.now();
    if (!this.#closed) this.#options.onOutcome(outcome);
    return outcome;
  }

  async #try(): Promise<ReloadOutcome> {
    const { readAgain, from, surroundings, current } = this.#options;
    try {
      const read = readAgain();
      // A faulty file's value is that of an empty one.
      if (this.#newErrors(read.problems).length === 0 && isDeepStrictEqual(read.value, this.#value)) {
        return { kind: "unchanged" };
      }
      const fixed = read.problems.some(isFatal) ? [] : fixedProblems(current.serving.gateway, read.config.gateway);
      if (fixed.length > 0) return { kind: "refused", problems: fixed };
      const previous = current.serving.router;
      return this.#swap(read, await assemble({ read, from }, { ...surroundings, previous }));
    } catch (error) {
      if (error instanceof ConfigRefused) return { kind: "refused", problems: error.problems };
      const message = error instanceof Error ? error.message : String(error);
      return { kind: "refused", problems: [{ severity: "error", path: "", message, fix: "correct the config" }] };
    }
  }

  /** At the start a faulty row is off by itself; here the row that served before is the better one. */
  #swap(read: ReadConfig, { router, problems }: Assembled): ReloadOutcome {
    const errors = this.#newErrors(problems);
    if (errors.length > 0) {
      router.close();
      return { kind: "refused", problems: errors };
    }
    const { current, onApplied } = this.#options;
    const old = current.serving;
    current.serving = new Serving(router, router.config.gateway);
    old.retire();
    this.#value = read.value;
    this.#problems = problems;
    onApplied(router.config.gateway);
    return { kind: "applied", problems };
  }

  #newErrors(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
    const known = new Set(this.#problems.map(({ path, message }) => `${path} ${message}`));
    return problems.filter(({ severity, path, message }) => severity === "error" && !known.has(`${path} ${message}`));
  }
}
