import type { Receipt } from "./receipt.ts";

/** Longest value of one header of ours; attempts and warnings can be many. */
const maxLength = 1024;

/** The `x-headgate-*` response headers, by what is known when the answer starts. */
export function receiptHeaders(receipt: Receipt): Record<string, string> {
  const headers: Record<string, string> = { "x-headgate-request-id": receipt.id };
  if (receipt.served !== undefined) headers["x-headgate-model"] = headerValue(receipt.served);
  if (receipt.requested !== "") headers["x-headgate-requested"] = headerValue(receipt.requested);
  if (receipt.place !== undefined) headers["x-headgate-place"] = headerValue(receipt.place);
  if (receipt.attempts.length > 0) {
    headers["x-headgate-attempts"] = list(receipt.attempts.map((attempt) => `${attempt.ref}:${attempt.outcome}`));
  }
  if (receipt.losses.length > 0 || receipt.warnings.length > 0) {
    headers["x-headgate-warnings"] = list([
      ...receipt.losses.map((loss) => `${loss.effect}:${loss.field}`),
      ...receipt.warnings,
    ]);
  }
  headers["server-timing"] = serverTiming(receipt);
  return headers;
}

function serverTiming(receipt: Receipt): string {
  const upstream = receipt.attempts.at(-1)?.duration ?? 0;
  return `total;dur=${tenths(receipt.duration)}, upstream;dur=${tenths(upstream)}`;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** Whole entries only, so that a reader can split at commas; what did not fit is counted. */
function list(entries: readonly string[]): string {
  let value = "";
  let left = entries.length;
  for (const entry of entries) {
    const encoded = headerValue(entry);
    if (value.length + encoded.length > maxLength) return `${value},...+${left}`;
    value += value === "" ? encoded : `,${encoded}`;
    left--;
  }
  return value;
}

const unsafe = /[^\x21-\x24\x26-\x2b\x2d-\x7e]/u;
const everyUnsafe = new RegExp(unsafe, "gu");

/**
 * Percent-encodes what a header cannot carry, and the comma and percent sign that our lists give a meaning. Names come
 * from clients: one of a megabyte must not make an answer that no client reads.
 */
function headerValue(text: string): string {
  if (text.length <= maxLength && !unsafe.test(text)) return text;
  const encoded = encode(text.length <= maxLength ? text : `${text.slice(0, 500)}…`);
  return encoded.length <= maxLength ? encoded : encode(`${text.slice(0, 100)}…`);
}

function encode(text: string): string {
  return text.toWellFormed().replace(everyUnsafe, encodeURIComponent);
}
