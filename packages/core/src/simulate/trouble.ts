import { durationField } from "../config/fields.ts";
import { failureTable } from "../failure/table.ts";
import type { TransportTrouble } from "../ports.ts";
import type { FailureKind } from "../provider/index.ts";

/** What a simulated backend does instead of answering, for as long as the simulation lasts. */
export type Trouble =
  /** An HTTP status with a plain error of its wire: its plugin reads what that means. `retryAfter` in milliseconds. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: number }
  /** A failure by its name, whatever a reply must look like for its plugin to read that. */
  | { readonly kind: "failure"; readonly failure: FailureKind }
  /** Its connection breaks. */
  | { readonly kind: "network"; readonly trouble: TransportTrouble }
  /** It takes the request, and says nothing. */
  | { readonly kind: "silence" };

const network = (trouble: TransportTrouble): Trouble => ({ kind: "network", trouble });
const silence: Trouble = { kind: "silence" };

/** What happens on a connection. */
const onTheWay: readonly (readonly [string, Trouble])[] = [
  ["refuse", network("refused")],
  ["unreachable", network("refused")],
  ["dns", network("dns")],
  ["tls", network("tls")],
  ["connect", network("connect-timeout")],
  ["reset", network("reset")],
  ["hang", silence],
  ["timeout", silence],
];

/** Failures that a backend can have; who leaves is the client. */
const kinds = (Object.keys(failureTable) as FailureKind[]).filter((kind) => kind !== "aborted");

const words: ReadonlyMap<string, Trouble> = new Map([
  ...kinds.map((failure): [string, Trouble] => [failure, { kind: "failure", failure }]),
  ...onTheWay,
]);

/** Every word that {@link parseTrouble} takes beside statuses. */
export const troubleWords: readonly string[] = [...words.keys()];

/** Reads `529`, `429:30s` (with a `Retry-After`), or one of {@link troubleWords}; `undefined` where it is none of them. */
export function parseTrouble(text: string): Trouble | undefined {
  const word = text.trim().toLowerCase();
  const [, status, wait] = /^([45]\d\d)(?::(.+))?$/.exec(word) ?? [];
  if (status === undefined) return words.get(word);
  if (wait === undefined) return { kind: "status", status: Number(status) };
  const retryAfter = parseDuration(wait);
  return retryAfter === undefined ? undefined : { kind: "status", status: Number(status), retryAfter };
}

const duration = durationField("A time.", "30s");

/** Milliseconds of a duration as the config has them: `"700ms"`, `"30s"`, `"10m"`; `undefined` where it is none. */
export const parseDuration = (text: string): number | undefined => duration.safeParse(text).data;
