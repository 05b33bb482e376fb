import { TransportError, type TransportReply } from "../ports.ts";

/** Most bytes of one whole answer. */
export const maxAnswerBytes = 64 * 1024 * 1024;

const decoder = new TextDecoder();

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Reads a body to its end as text; past the bound it stops and gives what there is, or throws when `exact`. */
export async function readText(reply: TransportReply, bound: number, exact: boolean): Promise<string> {
  const bytes = await readBytes(reply, bound, exact);
  return decodeText(bytes);
}

export async function readBytes(reply: TransportReply, bound: number, exact: boolean): Promise<Uint8Array> {
  const iterator = reply.body[Symbol.asyncIterator]();
  let first: Uint8Array | undefined;
  let rest: Uint8Array[] | undefined;
  let length = 0;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) break;
    const chunk = next.value;
    length += chunk.length;
    if (length > bound) {
      await iterator.return?.();
      if (exact) throw new TransportError("reset", `the answer is larger than ${bound} bytes`);
      break;
    }
    if (first === undefined) first = chunk;
    else {
      rest ??= [first];
      rest.push(chunk);
    }
  }
  return rest === undefined ? (first ?? new Uint8Array(0)) : joinBytes(rest);
}

/** One array for many; the only one itself where there is but one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** JSON, or `undefined`. An event stream's first data line counts: some proxies put their errors there. */
export function parseLoose(text: string): unknown {
  const source = text.startsWith("data:")
    ? text.slice(5, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"))
    : text;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
