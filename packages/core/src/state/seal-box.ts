import type { JsonObject } from "@headgate/wire";

/** Bytes of the key. */
export const sealKeyLength = 32;

/** What a client keeps for Headgate and can neither read nor change. */
export interface SealBox {
  /** Rejects when the key cannot be had. */
  seal(value: JsonObject): Promise<string>;
  /** `undefined` for what another key sealed, or what was changed on the way. Rejects when the key cannot be had. */
  open(text: string): Promise<JsonObject | undefined>;
}

const prefix = "hgc1.";
const algorithm = "AES-GCM";
/** Bytes of the random part that goes before each secret; 12 is what the algorithm is made for. */
const nonceLength = 12;

/** True for text that a {@link SealBox} of some gateway made. */
export const isSealed = (text: string): boolean => text.startsWith(prefix);

type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** 32 random bytes; whoever has them can open and forge. Or where they come from, asked when they are first needed. */
export type SealKey = Uint8Array | (() => Promise<Uint8Array>);

/**
 * A box that AES-256-GCM locks: what comes out of it is what went in, or nothing.
 *
 * @throws RangeError when the key has another length.
 */
export function createSealBox(key: SealKey): SealBox {
  const { subtle } = crypto;
  if (typeof key !== "function") checkLength(key);
  let imported: Promise<ImportedKey> | undefined;
  const importKey = async (): Promise<ImportedKey> => {
    const bytes = typeof key === "function" ? await key() : key;
    checkLength(bytes);
    return subtle.importKey("raw", Uint8Array.from(bytes), algorithm, false, ["encrypt", "decrypt"]);
  };
  const theKey = (): Promise<ImportedKey> => {
    imported ??= importKey().catch((error: unknown) => {
      // A folder that cannot be read now may be readable the next time.
      imported = undefined;
      throw error;
    });
    return imported;
  };
  const additionalData = new TextEncoder().encode(prefix);
  return {
    async seal(value) {
      const iv = crypto.getRandomValues(new Uint8Array(nonceLength));
      const plain = new TextEncoder().encode(JSON.stringify(value));
      const secret = await subtle.encrypt({ name: algorithm, iv, additionalData }, await theKey(), plain);
      return prefix + toBase64([iv, new Uint8Array(secret)]);
    },
    async open(text) {
      const bytes = isSealed(text) ? fromBase64(text.slice(prefix.length)) : undefined;
      if (bytes === undefined) return undefined;
      const iv = bytes.subarray(0, nonceLength);
      const secret = bytes.subarray(nonceLength);
      const opener = await theKey();
      try {
        const plain = await subtle.decrypt({ name: algorithm, iv, additionalData }, opener, secret);
        return JSON.parse(new TextDecoder().decode(plain)) as JsonObject;
      } catch {
        return undefined;
      }
    },
  };
}

function checkLength({ length }: Uint8Array): void {
  if (length !== sealKeyLength) throw new RangeError(`a seal key has ${sealKeyLength} bytes, not ${length}`);
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
