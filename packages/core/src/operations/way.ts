import { type JsonObject, type RequestReach, requestNeeds, requestReach, type Wire } from "@headgate/wire";
import { type Admitted, admit, type Needs, type Skipped } from "../admit/admit.ts";
import { narrow } from "../admit/boundary.ts";
import { fitOf, overflowText, surelyFits } from "../admit/fit.ts";
import type { Inbound } from "../ports.ts";
import type { Boundary, Operation } from "../provider/index.ts";
import { attempt, exchange, type Judge } from "../run/attempt.ts";
import type { Way } from "../run/visit.ts";
import { admitNative, admitRaw, type RawWire } from "./admit.ts";
import { completions } from "./completions.ts";
import { estimateInput } from "./estimate.ts";
import { measure } from "./measure.ts";
import { wholeJudge } from "./whole.ts";

const embeddings = wholeJudge<"embeddings">(
  ({ data }) => Array.isArray(data) && data.length > 0,
  "the answer holds no embeddings",
);

const compacted = wholeJudge<"responses">(({ output }) => Array.isArray(output), "the answer holds no conversation");

/** Who may be asked for what the client wants, and how. Counting is `countTokens`'s. */
export function wayOf(inbound: Inbound, within: Boundary): Way<Wire> {
  switch (inbound.operation) {
    case "embed":
      return rawWay("embed", "embeddings", embeddings, within);
    case "complete":
      return rawWay("complete", "completions", completions, within);
    case "compact":
      return compactWay(inbound.json, within);
    default:
      return textWay(inbound, within);
  }
}

function textWay({ wire, json, text }: Inbound, within: Boundary): Way<Wire> {
  let tokens: number | undefined;
  let needs: Needs | undefined;
  let reach: RequestReach | undefined;
  const demand = {
    wire,
    needs: () => (needs ??= requestNeeds(wire, json)),
    reach: () => (reach ??= requestReach(wire, json)),
  };
  const way: Way<typeof wire> = {
    admit: (candidate, bound) => {
      const verdict = admit(candidate, { ...demand, within: narrow(within, bound) });
      if (surelyFits(candidate.model, text.length) || "skipped" in verdict) return verdict;
      tokens ??= estimateInput(wire, json);
      return judgeFit(verdict, tokens);
    },
    measure,
    attempt,
  };
  return way;
}

/** What so many tokens, by an estimate, make of a verdict. */
function judgeFit(admitted: Admitted, tokens: number): Admitted | Skipped {
  const { contextWindow } = admitted.candidate.model;
  const fit = contextWindow === undefined ? "fits" : fitOf(contextWindow, tokens);
  if (contextWindow === undefined || fit === "fits") return admitted;
  const overflow = { inputTokens: tokens, contextWindow };
  if (fit === "near") return { ...admitted, near: overflow };
  const skipped = overflowText(overflow, "estimated");
  return { skipped, kind: "context_overflow", places: admitted.places, overflow };
}

function compactWay(json: JsonObject, within: Boundary): Way<Wire> {
  const way: Way<"responses"> = {
    admit: (candidate, bound) => admitNative(candidate, "compact", "responses", narrow(within, bound), json),
    attempt: (run, admitted, record, patch) => exchange(run, admitted, record, patch, compacted),
  };
  return way;
}

function rawWay<Asked extends RawWire>(
  operation: Operation,
  wire: Asked,
  judge: Judge<Asked>,
  within: Boundary,
): Way<Wire> {
  const way: Way<Asked> = {
    admit: (candidate, bound) => admitRaw(candidate, operation, wire, narrow(within, bound)),
    attempt: (run, admitted, record, patch) => exchange(run, admitted, record, patch, judge),
  };
  return way;
}

const rawWires: Partial<Record<Operation, RawWire>> = { embed: "embeddings", complete: "completions" };

/** The wire of a request: its client's own. */
export const wireAsked = ({ wire, operation = "generate" }: Inbound): Wire => rawWires[operation] ?? wire;
