import type { TextWire } from "@headgate/wire";
import type { Failure } from "../provider/index.ts";

/** What an exchange of a simulation is for: an HTTP request alone does not say. */
export interface Mark {
  /** `provider/model`. */
  readonly ref: string;
  readonly asks: "answer" | "count" | "status" | "load";
  readonly wire: TextWire;
  readonly stream: boolean;
  /** Absent where nobody knows it. */
  readonly contextWindow?: number;
}

/** Goes no further than the simulated backend, and comes back with its failures. */
const header = "x-headgate-simulated";

export const markHeaders = (mark: Mark): Record<string, string> => ({ [header]: JSON.stringify(mark) });

export const markOf = (headers: Readonly<Record<string, string>>): Mark | undefined =>
  read(headers) as Mark | undefined;

/** A failure that is one whatever the plugin would read in the reply. */
export const failureHeaders = (failure: Failure): Record<string, string> => ({ [header]: JSON.stringify(failure) });

export const failureIn = (headers: Readonly<Record<string, string>>): Failure | undefined =>
  read(headers) as Failure | undefined;

function read(headers: Readonly<Record<string, string>>): unknown {
  const text = headers[header];
  return text === undefined ? undefined : JSON.parse(text);
}
