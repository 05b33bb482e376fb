import type { Config, Router } from "@headgate/core";
import { type Current, Serving } from "../../packages/gateway/src/http/serving.ts";
import type { Settings } from "./settings.ts";

/** One reading of the config. */
interface Reading {
  readonly router: Router;
  readonly text: string;
  running: number;
  /** How many answers went on when it was closed, each time that it was. */
  readonly closed: number[];
}

/** One config after the other, put in each other's place by what the server does that with. */
export class Readings {
  /** When each but the first was read. */
  readonly times: number[] = [];
  readonly #all: Reading[] = [];
  readonly #make: (settings: Settings, previous: Router | undefined) => Router;
  readonly #current: Current;

  constructor(make: (settings: Settings, previous: Router | undefined) => Router, first: Settings) {
    this.#make = make;
    this.#current = { serving: this.#read(first) };
  }

  reload(settings: Settings, now: number): void {
    this.times.push(now);
    const old = this.#current.serving;
    this.#current.serving = this.#read(settings);
    old.retire();
  }

  /** A request begins, under the config of this moment; `leave` is called when its answer is over. */
  enter(): { readonly router: Router; readonly version: number; readonly leave: () => void } {
    const { serving } = this.#current;
    const version = this.times.length;
    const reading = this.#all[version];
    if (reading === undefined) throw new Error(`no config was read ${version} times`);
    serving.enter();
    reading.running++;
    const leave = (): void => {
      reading.running--;
      serving.leave();
    };
    return { router: serving.router, version, leave };
  }

  texts(): readonly [read: string, now: string] {
    return [
      this.#all.map(({ text }) => text).join("\n"),
      this.#all.map(({ router }) => textOf(router.config)).join("\n"),
    ];
  }

  /** Whether each was closed when its last answer had ended, and only then. */
  trouble(): string | undefined {
    for (const [version, { closed, running }] of this.#all.entries()) {
      const [going, again] = closed;
      const isOld = version < this.times.length;
      if (going !== undefined && going > 0)
        return `config ${version} was given up while ${going} of its answers went on`;
      if (again !== undefined || (going !== undefined && !isOld)) return `config ${version} was given up too often`;
      if (isOld && going === undefined && running === 0) return `config ${version} was never given up`;
    }
    return undefined;
  }

  #read(settings: Settings): Serving {
    const router = this.#make(settings, this.#all.at(-1)?.router);
    const reading: Reading = { router, text: textOf(router.config), running: 0, closed: [] };
    this.#all.push(reading);
    const close = (): void => {
      reading.closed.push(reading.running);
      router.close();
    };
    return new Serving({ ...router, close }, router.config.gateway);
  }
}

const textOf = (config: Config): string =>
  JSON.stringify(config, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
