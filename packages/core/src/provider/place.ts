/**
 * Where inference runs: `local`, a lower-case ISO 3166 country code (`us`, `de`), `eu`, or `unknown`.
 * Proven or declared, never guessed.
 */
export type Place = string;

/**
 * The places a request may reach; `undefined` means anywhere. `local` lies inside every boundary, `unknown` inside
 * none, and `eu` contains its members' codes.
 */
export type Boundary = readonly Place[] | undefined;

const euMembers = new Set(
  "at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk".split(" "),
);

/** True when inference at `place` stays inside the boundary: the host's own reading, for plugins that choose by it. */
export function isInside(place: Place, within: Boundary): boolean {
  if (within === undefined) return true;
  if (place === "unknown") return false;
  if (place === "local") return true;
  return within.includes(place) || (euMembers.has(place) && within.includes("eu"));
}
