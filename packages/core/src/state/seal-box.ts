import type { JsonObject } from "@headgate/wire";

/** Bytes of the key. */
export const sealKeyLength = 32;

/** What a client keeps for Headgate and can neither read nor change. */
export interface SealBox {
  seal(value: JsonObject): Promise<string>;
  /** `undefined` for what another key sealed, or what was changed on the way. */
  open(text: string): Promise<JsonObject | undefined>;
}

const prefix = "hgc1.";
const algorithm = "AES-GCM";
/** Bytes of the random part that goes before each secret; 12 is what the algorithm is made for. */
const nonceLength = 12;

/** True for text that a {@link SealBox} of some gateway made. */
export const isSealed = (text: string): boolean => text.startsWith(prefix);

/**
 * A box that AES-256-GCM locks: what comes out of it is what went in, or nothing.
 *
 * @param key - 32 random bytes. Whoever has them can open and forge.
 * @throws RangeError when the key has another length.
 */
export function createSealBox(key: Uint8Array): SealBox {
  if (key.length !== sealKeyLength) throw new RangeError(`a seal key has ${sealKeyLength} bytes, not ${key.length}`);
  const { subtle } = crypto;
  const imported = subtle.importKey("raw", Uint8Array.from(key), algorithm, false, ["encrypt", "decrypt"]);
  // Looked at when it is used; until then, a failure is nobody's.
  imported.catch(() => {});
  const additionalData = new TextEncoder().encode(prefix);
  return {
    async seal(value) {
      const iv = crypto.getRandomValues(new Uint8Array(nonceLength));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const secret = await subtle.encrypt({ name: algorithm, iv, additionalData }, await imported, plain);
      return prefix + toBase64([iv, new Uint8Array(secret)]);
    },
    async open(text) {
      const bytes = isSealed(text) ? fromBase64(text.slice(prefix.length)) : undefined;
      if (bytes === undefined) return undefined;
      const iv = bytes.subarray(0, nonceLength);
      try {
        const secret = bytes.subarray(nonceLength);
        const plain = await subtle.decrypt({ name: algorithm, iv, additionalData }, await imported, secret);
        return JSON.parse(new TextDecoder().decode(plain)) as JsonObject;
      } catch {
        return undefined;
      }
    },
  };
}

/** Base64 in the alphabet of URLs, without padding. */
function toBase64(parts: readonly Uint8Array[]): string {
  let binary = "";
  for (const part of parts) {
    for (let start = 0; start < part.length; start += 8192) {
      binary += String.fromCharCode(...part.subarray(start, start + 8192));
    }
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
