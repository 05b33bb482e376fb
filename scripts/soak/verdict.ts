import type { Sample } from "./gateway.ts";

/** Growth over the second half of a soak, when everything that is made once has been made. */
export interface Verdict {
  /** MiB an hour. */
  readonly rssSlope: number;
  /** Handles an hour. */
  readonly handleSlope: number;
  /** Growth over what was looked at, as a share of its beginning. */
  readonly rssGrowth: number;
  readonly grows: boolean;
}

/** More than this share of its memory, in half of a soak, is growth. */
const mostGrowth = 0.1;
/** More handles than this over the time looked at are growth: connections come and go. */
const mostHandles = 16;

/** The line nearest to all points, as growth a second. */
function slopeOf(points: readonly (readonly [at: number, value: number])[]): number {
  const count = points.length;
  const meanAt = points.reduce((sum, [at]) => sum + at, 0) / count;
  const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / count;
  let above = 0;
  let below = 0;
  for (const [at, value] of points) {
    above += (at - meanAt) * (value - meanValue);
    below += (at - meanAt) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

/** @param samples - In the order of time, of one process. */
export function judge(samples: readonly Sample[]): Verdict {
  const half = samples.slice(samples.length >> 1);
  const span = (half.at(-1)?.at ?? 0) - (half[0]?.at ?? 0);
  const rss = slopeOf(half.map(({ at, rss: value }) => [at, value]));
  const handles = slopeOf(half.map(({ at, handles: value }) => [at, value]));
  const rssGrowth = (rss * span) / (half[0]?.rss ?? 1);
  return {
    rssSlope: rss * 3600,
    handleSlope: handles * 3600,
    rssGrowth,
    grows: rssGrowth > mostGrowth || handles * span > mostHandles,
  };
}
