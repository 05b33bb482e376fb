/** The client's own span, which its request belongs to. */
export interface ClientTrace {
  /** 32 hexadecimal digits, not all of them 0. */
  readonly id: string;
  /** 16 of them. */
  readonly span: string;
  /** The client keeps its own spans, or asks for that. */
  readonly sampled: boolean;
}

/** `ff` is no version; a later one than 00 may have more fields. */
const traceparent = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Characters of a header that is read at all. */
const mostRead = 256;

/** Reads a `traceparent` by W3C Trace Context, to the letter: what is not one, or was sent twice, is as if nothing had been sent. */
export function readTrace(header: string | undefined): ClientTrace | undefined {
  if (header === undefined || header.length > mostRead) return undefined;
  const [, version, id, span, flags = "", more] = traceparent.exec(header) ?? [];
  if (id === undefined || span === undefined || (version === "00" && more !== undefined)) return undefined;
  return { id, span, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
