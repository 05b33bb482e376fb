import type { Random } from "./random.ts";

const pieces = [
  "{",
  "}",
  "[",
  '"',
  "\\",
  ",",
  "\n",
  "\n\n",
  "\r",
  "\r\n\r\n",
  "data: ",
  "data: [DONE]\n\n",
  "event: error\n",
  ":",
  "\u0000",
  "1e999",
  "-",
  '"type":"error",',
  '"model":1,"model":"m",',
].map((piece) => new TextEncoder().encode(piece));

/** Bytes of no character. */
const broken = [0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5];

/** Bytes in which `count` things are wrong. */
export function mutateBytes(bytes: Uint8Array, random: Random, count: number): Uint8Array {
  let mutated = bytes;
  for (let done = 0; done < count; done++) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const length = random.below(Math.min(200, bytes.length - at + 1));
  switch (random.below(6)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return join(bytes.subarray(0, at), bytes.subarray(at + length));
    case 2:
      return join(bytes.subarray(0, at + length), bytes.subarray(at));
    case 3:
      return join(bytes.subarray(0, at), random.pick(pieces), bytes.subarray(at));
    case 4:
      return join(bytes.subarray(0, at), Uint8Array.of(random.pick(broken)), bytes.subarray(at));
    default: {
      const flipped = bytes.slice();
      for (let count = 1 + random.below(4); count > 0; count--) {
        const where = random.below(Math.max(1, bytes.length));
        flipped[where] = (flipped[where] ?? 0) ^ (1 << random.below(8));
      }
      return flipped;
    }
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
