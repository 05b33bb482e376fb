import { narrow, parseBoundary } from "./admit/boundary.ts";
import type { Candidate } from "./candidate.ts";
import type { Config } from "./config/index.ts";
import type { Directory, Ref, Resolution } from "./names/index.ts";
import type { Inbound } from "./ports.ts";
import type { Boundary, Failure } from "./provider/index.ts";

/** What says whom a name means. */
export interface Names {
  readonly config: Config;
  readonly directory: Directory;
  readonly candidatesOf: (refs: readonly Ref[]) => readonly Candidate[];
}

/** Who may answer a request, and where it may run. */
export interface Plan {
  readonly resolution: Resolution & { readonly found: true };
  readonly within: Boundary;
  readonly list: readonly Candidate[];
}

/** @param earlier - The boundary of what the request was made of, beside its own. */
export function plan({ config, directory, candidatesOf }: Names, inbound: Inbound, earlier: Boundary): Plan | Failure {
  const { model } = inbound.json;
  if (model !== undefined && model !== null && typeof model !== "string")
    return { kind: "invalid_request", message: "model must be a string" };
  const resolution = directory.resolve(model ?? undefined);
  if (!resolution.found) return { kind: "model_missing", message: resolution.message };
  const header = inbound.headers["x-headgate-within"];
  const wished = header === undefined ? undefined : parseBoundary(header);
  if (header !== undefined && wished === undefined) {
    const message = "x-headgate-within: places are local, eu or two-letter country codes, separated by commas";
    return { kind: "invalid_request", message };
  }
  let within = config.within as Boundary;
  for (const inner of [resolution.within, inbound.client?.within, wished, earlier]) within = narrow(within, inner);
  return { resolution, within, list: candidatesOf(resolution.refs) };
}
