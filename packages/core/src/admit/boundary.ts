import { type Boundary, isInside, type Place } from "../provider/index.ts";

export { isInside };

/** The boundary that satisfies both: each level can only narrow. */
export function narrow(outer: Boundary, inner: Boundary): Boundary {
  if (outer === undefined) return inner;
  if (inner === undefined) return outer;
  const both = inner.filter((place) => isInside(place, outer));
  for (const place of outer) if (isInside(place, inner) && !both.includes(place)) both.push(place);
  return both;
}

/** Reads `x-headgate-within`: places separated by commas. `undefined` when one of them is no place. */
export function parseBoundary(text: string): readonly Place[] | undefined {
  const places = text.split(",").map((part) => part.trim().toLowerCase());
  return places.every((place) => /^(local|[a-z]{2})$/.test(place)) ? places : undefined;
}
