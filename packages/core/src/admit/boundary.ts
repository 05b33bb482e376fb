import type { Boundary, Place } from "../provider/index.ts";

const euMembers = new Set(
  "at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk".split(" "),
);

/** True when inference at `place` stays inside the boundary. `unknown` is outside every one, `local` inside. */
export function isInside(place: Place, within: Boundary): boolean {
  if (within === undefined) return true;
  if (place === "unknown") return false;
  if (place === "local") return true;
  return within.includes(place) || (euMembers.has(place) && within.includes("eu"));
}

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
