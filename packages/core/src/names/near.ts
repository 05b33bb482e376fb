// A longer name is no slip of the finger, and comparing it would cost what its sender likes.
const longestName = 200;

/** The candidates that a user may have meant by `name`, best first; upper and lower case count as the same. */
export function nearNames(name: string, candidates: Iterable<string>, limit = 3): readonly string[] {
  const wanted = name.trim().toLowerCase();
  if (wanted === "" || wanted.length > longestName) return [];
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const score = distance(wanted, candidate.toLowerCase());
    if (score !== undefined) scored.push({ candidate, score });
  }
  scored.sort((one, other) => one.score - other.score);
  return scored.slice(0, limit).map(({ candidate }) => candidate);
}

/** `undefined` when the two have too little in common. */
function distance(wanted: string, candidate: string): number | undefined {
  if (candidate.length > longestName) return undefined;
  const most = Math.max(1, Math.floor(Math.min(wanted.length, candidate.length) / 3));
  const edits = editDistance(wanted, candidate);
  if (edits <= most) return edits;
  const [short, long] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  if (short.length < 3 || !long.includes(short)) return undefined;
  // After every real slip; among parts, the ones that leave the least over come first.
  return longestName + (long.length - short.length);
}

/** Insertions, deletions, changes and swaps of neighbours that lead from one text to the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
