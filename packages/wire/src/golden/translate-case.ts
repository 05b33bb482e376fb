import { codecs } from "../codecs.ts";
import { type WireFeature, wireFeatures } from "../pivot/features.ts";
import { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";
import { AnswerStages } from "../upstream.ts";
import { readJsonCase } from "./golden-file.ts";

/** Id of the provider whose seals are its own. */
const provider = "up";

/** A request on the backend's wire, what that has lost, and how the tools were spelled. */
export interface TranslatedRequest {
  readonly body: JsonObject;
  readonly ledger: readonly string[];
  readonly names: ToolNames;
}

export const everyFeature: ReadonlySet<WireFeature> = new Set(wireFeatures);

export const toLines = (ledger: Ledger): string[] =>
  ledger.losses.map(({ field, effect, why }) => `${field} ${effect}: ${why}`);

/** Reads a body on its own wire and writes it on another. */
export function translateRequest(
  body: JsonObject,
  from: TextWire,
  to: TextWire,
  features?: ReadonlySet<WireFeature>,
): TranslatedRequest {
  const ledger = new Ledger(from, to);
  const names = new ToolNames();
  const request = codecs[from].readRequest(body, ledger);
  const options = { model: "y", provider, tools: names, ...(features === undefined ? {} : { features }) };
  return { body: codecs[to].writeRequest(request, options, ledger), ledger: toLines(ledger), names };
}

/**
 * The stages between a backend on `from` and a client on `to`. Where the client's wire has a request of the case's name,
 * the answer is an answer to that one, and its tools are called as they were spelled for a plain backend.
 */
export function stagesOf(name: string, from: TextWire, to: TextWire): AnswerStages {
  const request = readJsonCase(to, name.replace(/-emulated$/, ""), "request");
  const native = name === "custom-tool";
  const names = request === undefined || native ? undefined : translateRequest(request, to, from).names;
  return new AnswerStages({ provider, tools: names, thinkTags: name === "think-tags" ? "possible" : undefined });
}
