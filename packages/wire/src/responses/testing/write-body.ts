import type { WireFeature } from "../../pivot/features.ts";
import { Ledger } from "../../pivot/ledger.ts";
import { ToolNames } from "../../pivot/tool-names.ts";
import type { JsonObject, PivotRequest, TextWire } from "../../pivot/types.ts";
import { writeResponsesRequest } from "../write-request.ts";

/** A body for a backend with these features, of a client of `from`. */
export function writeBody(
  request: Partial<PivotRequest>,
  features: readonly WireFeature[] = [],
  from: TextWire = "messages",
): { body: JsonObject; losses: string[]; tools: ToolNames } {
  const ledger = new Ledger(from, "responses");
  const tools = new ToolNames();
  const whole = { items: [], tools: [], stream: false, ...request };
  const options = { model: "m", features: new Set(features), provider: "openai", tools };
  const body = writeResponsesRequest(whole, options, ledger);
  return { body, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`), tools };
}
