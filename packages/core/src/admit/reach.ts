import type { RequestReach, TextWire } from "@headgate/wire";
import type { Inside } from "./admit.ts";

/**
 * Why a request with a boundary must not go to a candidate although the candidate is inside: the backend would reach out
 * for what it holds. `undefined` where the row allows it, or where the candidate is never sent it.
 *
 * @param reach - A function, because without a boundary nobody asks.
 */
export function leaks(
  { candidate, places, within }: Inside,
  wire: TextWire,
  reach: () => RequestReach,
): string | undefined {
  if (within === undefined) return undefined;
  const { features, entry, wires } = candidate;
  const { urls, hostedTools } = reach();
  const allowed = entry.row?.allow ?? [];
  if (urls && !allowed.includes("remote-urls") && (wires.has(wire) || features.has("media_urls"))) {
    return 'it would fetch what the request names by URL; allow: ["remote-urls"] on its row lets it';
  }
  // On Messages every tool is passed on; a server of this machine has none of a vendor's.
  const passes = wire === "messages" && wires.has(wire) && !places.every((place) => place === "local");
  if (hostedTools && !allowed.includes("hosted-tools") && (passes || features.has("hosted_tools"))) {
    return 'its own tools may run elsewhere; allow: ["hosted-tools"] on its row lets them';
  }
  return undefined;
}
