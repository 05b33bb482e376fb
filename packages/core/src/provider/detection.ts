import type { Ask } from "./ask.ts";

/**
 * How a server of this kind is found on the user's own machine. `headgate init` asks it of every port that is open, and
 * `headgate doctor` of a row's own server that gives no model list.
 */
export interface Detection {
  /** What such a server is called, for people: `LM Studio`. */
  readonly name: string;
  /** Loopback ports that it listens on unless told otherwise; `init` looks at those of every plugin, each with every plugin. */
  readonly ports: readonly number[];
  /** A command line that starts one, for people who have none running. Default: none is told. */
  readonly start?: string;
  /**
   * Says whether what answers at `origin` is such a server, by look-ups that no model is loaded for and that another
   * server does not mind. This `ask` carries no key, sends GET alone, reaches `origin` alone, and has 2 seconds.
   *
   * @returns `undefined` when it is something else. An error means the same.
   */
  recognise(origin: string, ask: Ask): Promise<Recognised | undefined>;
}

/** A server that a plugin knows how to ask. */
export interface Recognised {
  /** What it is, where {@link Detection.name} does not say it all: `llama.cpp`. */
  readonly name?: string;
  /** What a row for it is called unless the name is taken. Default: the plugin's kind. */
  readonly id?: string;
  /** The row's `baseUrl`. */
  readonly baseUrl: string;
  /** It speaks an API that this plugin speaks, and no more is known: a plugin that knows it better comes first. */
  readonly generic?: true;
}
