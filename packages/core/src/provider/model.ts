import type { Wire } from "@headgate/wire";

/** What is known of one model of one provider. Absent means unknown, never "no". */
export interface ModelFacts {
  /** As the backend spells it; passed on verbatim. */
  readonly id: string;
  /** For people. Default: `id`. */
  readonly name?: string;
  /** Tokens of input and output together. */
  readonly contextWindow?: number;
  /** Most tokens of one answer; also sent where a wire demands a limit and the client gave none. */
  readonly maxTokens?: number;
  /** What a request may contain. Default: unknown, nothing is refused. */
  readonly input?: readonly InputKind[];
  /** Takes function tools. */
  readonly tools?: boolean;
  /** Takes a reasoning effort or budget. A model without it is not refused: the wish is dropped and listed. */
  readonly reasoning?: boolean;
  /** Wires this model can be asked on, where they are fewer than the provider's. */
  readonly wires?: readonly Wire[];
  /** US dollars per million tokens. */
  readonly cost?: ModelCost;
  /** `loaded` when a local server says so; nothing is loaded in order to find out. */
  readonly state?: "loaded" | "not-loaded";
  /** How many weights it has, as the backend says. `headgate doctor` warns of tool work by small models. */
  readonly parameters?: number;
  /** How far its weights are quantised: 16 of the original, 4 of a usual local one. `headgate doctor` warns of fewer. */
  readonly bitsPerWeight?: number;
  /** Who published it, as the backend says. */
  readonly ownedBy?: string;
  /** Opaque to the host: put there by the plugin's own `models()`, read by its `request()` and `places()`. */
  readonly data?: unknown;
  /** When the host read what `models()` found, in milliseconds since 1970; absent where it never did, or too long ago. */
  readonly readAt?: number;
}

/** Kinds of content in a request. `text` is always one. */
export type InputKind = "text" | "image" | "audio" | "file";

/** US dollars per million tokens of each kind. */
export interface ModelCost {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}
