import type { Frame } from "../wires/frame.ts";
import type { FramePosition } from "./fault.ts";

/** The frames before a position. */
export function* framesUpTo(frames: Iterable<Frame>, position: FramePosition): Generator<Frame> {
  const { outputs } = position;
  const limit = position.frames ?? (outputs === undefined ? 0 : Number.POSITIVE_INFINITY);
  let sent = 0;
  let produced = 0;
  for (const frame of frames) {
    if (sent >= limit || (outputs === 0 && frame.output)) return;
    yield frame;
    sent += 1;
    if (frame.output) produced += 1;
    if (outputs !== undefined && outputs > 0 && produced >= outputs) return;
  }
}

/** What of a whole answer stands for the position: nothing, or half. */
export const bodyUpTo = (body: string, { frames, outputs }: FramePosition): string =>
  (frames ?? outputs ?? 0) === 0 ? "" : body.slice(0, Math.ceil(body.length / 2));
