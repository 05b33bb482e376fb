import type { ConfigSchema } from "@headgate/core/provider";

/** What a plugin's schema makes of a row, and what it says of one that it refuses. */
export interface ReadRow {
  readonly value?: unknown;
  /** All of its words in one text; empty when it refuses nothing. */
  readonly words: string;
}

/** Reads a row as the host does. */
export function readRow({ config }: { readonly config: ConfigSchema<unknown> }, row: unknown): ReadRow {
  const result = config["~standard"].validate(row);
  if (result instanceof Promise) throw new Error("config must be synchronous");
  if (result.issues === undefined) return { value: result.value, words: "" };
  return { words: result.issues.map(({ message }) => message).join() };
}
