import type { ConfigPath } from "./path.ts";

/** The value at a path, `undefined` when there is none. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (isContainer(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    root,
  );
}

/**
 * Takes out what is wrong at a path: the value itself, or what lacks it. A boundary is never taken out, which would
 * widen it: it becomes the narrowest there is.
 */
export function prune(root: unknown, path: ConfigPath): void {
  const boundary = boundaryIn(path);
  if (boundary !== undefined) {
    const holder = valueAt(root, boundary);
    if (isContainer(holder)) holder.within = "local";
    return;
  }
  const last = path.at(-1);
  if (last === undefined) return;
  const holder = valueAt(root, path.slice(0, -1));
  if (!isContainer(holder) || !Object.hasOwn(holder, last)) prune(root, path.slice(0, -1));
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

/** What holds the boundary that a path leads into: the root, a route or a client's key; rows go as a whole. */
function boundaryIn(path: ConfigPath): ConfigPath | undefined {
  const depth = path[0] === "routes" ? 2 : path[0] === "gateway" && path[1] === "keys" ? 3 : 0;
  return path[depth] === "within" ? path.slice(0, depth) : undefined;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
