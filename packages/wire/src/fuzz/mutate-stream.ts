import { parseObject } from "../pivot/shape.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-json.ts";
import type { Random } from "./random.ts";

/** The bytes of a stream in which something is wrong: frames, what is in them, their order, or the bytes themselves. */
export function mutateStream(text: string, others: readonly string[], random: Random): Uint8Array {
  let frames = text.split("\n\n").filter((frame) => frame !== "");
  for (let done = random.below(4); done >= 0; done--) frames = mutateFrames(frames, others, random);
  const bytes = new TextEncoder().encode(frames.map((frame) => `${frame}\n\n`).join(""));
  return random.oneIn(3) ? mutateBytes(bytes, random, 1 + random.below(3)) : bytes;
}

function mutateFrames(frames: readonly string[], others: readonly string[], random: Random): string[] {
  const at = random.below(frames.length + 1);
  switch (random.below(7)) {
    case 0:
      return frames.toSpliced(at, 1 + random.below(3));
    case 1:
      return [...frames.slice(0, at), ...frames.slice(Math.max(0, at - 1 - random.below(3)))];
    case 2:
      return frames.slice(0, at);
    case 3: {
      const from = random.below(frames.length + 1);
      const moved = frames[from];
      return moved === undefined ? [...frames] : frames.toSpliced(from, 1).toSpliced(at, 0, moved);
    }
    case 4: {
      const foreign = random
        .pick(others)
        .split("\n\n")
        .filter((frame) => frame !== "");
      return frames.toSpliced(at, 0, random.pick(foreign));
    }
    default: {
      const frame = frames[at];
      return frame === undefined ? [...frames, "data: {}"] : frames.with(at, mutateFrame(frame, random));
    }
  }
}

function mutateFrame(frame: string, random: Random): string {
  const start = frame.indexOf("data: ");
  const value = start < 0 ? undefined : parseObject(frame.slice(start + 6));
  if (start < 0 || value === undefined) return `${frame}${random.pick(["", "}", "\ndata: {}", "\nevent: x"])}`;
  return frame.slice(0, start + 6) + mutateJson(value, random, 1 + random.below(2));
}
