/** How long and how often one run measures. */
export interface Terms {
  /** Of one measurement. */
  readonly seconds: number;
  /** Seconds of load before it. */
  readonly warmUp: number;
  /** Of which the median counts. */
  readonly rounds: number;
  /** Of one stream. */
  readonly frames: number;
  readonly say: (text: string) => void;
}

export const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
