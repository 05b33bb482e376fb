/** What came of one cell, in words that two servers can be compared by. */
export interface Observation {
  readonly status: number;
  /** Media type of the reply: `text/event-stream`. */
  readonly media: string;
  /** What the gateway made of each attempt: `ok`, or the failure. Absent where the server was asked without it. */
  readonly outcomes?: readonly string[];
  readonly shape: readonly string[];
}

export type Observations = Readonly<Record<string, Observation>>;

/** Where a real server and its simulation part, in one cell. */
export interface Difference {
  readonly cell: string;
  readonly lines: readonly string[];
}

/** All that parts the two; a cell that one of them lacks is a difference too. */
export function differencesOf(real: Observations, simulated: Observations): readonly Difference[] {
  const ids = [...new Set([...Object.keys(real), ...Object.keys(simulated)])];
  return ids
    .map((cell) => ({ cell, lines: linesOf(real[cell], simulated[cell]) }))
    .filter(({ lines }) => lines.length > 0);
}

function linesOf(real: Observation | undefined, simulated: Observation | undefined): readonly string[] {
  if (real === undefined || simulated === undefined)
    return [`only the ${real === undefined ? "simulated" : "real"} one was asked`];
  return [
    ...unequal("status", real.status, simulated.status),
    ...unequal("media type", real.media, simulated.media),
    ...unequal("outcome", String(real.outcomes ?? []), String(simulated.outcomes ?? [])),
    ...missing(real.shape, simulated.shape).map((path) => `only the real one has ${path}`),
    ...missing(simulated.shape, real.shape).map((path) => `only the simulated one has ${path}`),
  ];
}

const unequal = (what: string, real: string | number, simulated: string | number): readonly string[] =>
  real === simulated ? [] : [`${what}: real ${real}, simulated ${simulated}`];

const missing = (from: readonly string[], others: readonly string[]): readonly string[] => {
  const known = new Set(others);
  return from.filter((path) => !known.has(path));
};
