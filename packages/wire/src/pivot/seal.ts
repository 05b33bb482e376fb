import { parseObject, toText } from "./shape.ts";
import type { Seal, TextWire } from "./types.ts";

const prefix = "hg1.";

const kinds: ReadonlySet<string> = new Set(["signature", "redacted", "encrypted", "details"] satisfies Seal["kind"][]);
const wires: ReadonlySet<string> = new Set(["chat", "responses", "messages"] satisfies TextWire[]);

/**
 * A seal as text that a client keeps and sends back, with the name of its maker: whoever serves the next turn can tell
 * whether it is theirs. On the wire and from the provider that made it the text is the bare secret.
 */
export function wrapSeal(seal: Seal): string {
  return prefix + encodeText(JSON.stringify([seal.provider ?? "", seal.wire, seal.kind, seal.value]));
}

/** Reads what {@link wrapSeal} wrote; anything else is a secret that its maker's own wire carried: `fallback` says which. */
export function unwrapSeal(text: string, fallback: Pick<Seal, "wire" | "kind">): Seal {
  const fields = text.startsWith(prefix) ? parseFields(text.slice(prefix.length)) : undefined;
  if (fields === undefined) return { ...fallback, value: text };
  const [provider, wire, kind, value] = fields;
  return {
    wire: wire as TextWire,
    kind: kind as Seal["kind"],
    value,
    ...(provider === "" ? {} : { provider }),
  };
}

/** True for text that {@link wrapSeal} wrote: no backend understands it. */
export const isWrapped = (text: string): boolean => text.startsWith(prefix);

function parseFields(encoded: string): [string, string, string, string] | undefined {
  const decoded = decodeText(encoded);
  const list = decoded === undefined ? undefined : parseObject(`{"fields":${decoded}}`)?.fields;
  if (!Array.isArray(list) || list.length !== 4) return undefined;
  const [provider, wire, kind, value] = list.map(toText);
  if (provider === undefined || value === undefined) return undefined;
  if (wire === undefined || !wires.has(wire) || kind === undefined || !kinds.has(kind)) return undefined;
  return [provider, wire, kind, value];
}

/** Base64 of UTF-8 in the alphabet that every wire takes. */
function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeText(encoded: string): string | undefined {
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
