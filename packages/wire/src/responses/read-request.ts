import type { Ledger } from "../pivot/ledger.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, toBoolean, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { type ReadInput, readInput } from "./read-items.ts";
import { readReasoning, readText, readTopLogprobs } from "./read-settings.ts";
import { mergeTools, readResponsesToolChoice, readResponsesTools } from "./read-tools.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    (
      "model input instructions tools tool_choice parallel_tool_calls max_output_tokens temperature top_p stream " +
      "frequency_penalty presence_penalty text reasoning include top_logprobs service_tier prompt_cache_key " +
      "prompt_cache_retention metadata safety_identifier user " +
      // Dealt with before a body is translated: what they refer to is in the input by then.
      "store previous_response_id " +
      // What Codex tells of itself.
      "client_metadata"
    ).split(" "),
  ),
  defaults: new Map<string, readonly unknown[]>([
    ["background", [false]],
    ["truncation", ["disabled"]],
    ["stream_options", [{ include_obfuscation: false }, { include_obfuscation: true }]],
  ]),
};

/** Reads a client's Responses body. */
export function readResponsesRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  dropRest(body, bodyKeys, "", ledger);
  const said = [readInstructions(body.instructions, ledger), readInput(body.input, ledger)];
  const added = said.flatMap((input) => input.tools);
  const declared = mergeTools([...readResponsesTools(body.tools, ledger), ...added]);
  const { tools, choice } = readResponsesToolChoice(body.tool_choice, declared, ledger);
  return defined({
    items: said.flatMap(({ items }) => items),
    tools,
    toolChoice: choice,
    parallelToolCalls: toBoolean(body.parallel_tool_calls),
    ...readSampling(body, ledger),
    reasoning: readReasoning(body.reasoning, ledger),
    ...readText(body.text, ledger),
    serviceTier: body.service_tier === "auto" ? undefined : toText(body.service_tier),
    cacheKey: toText(body.prompt_cache_key),
    cacheRetention: toText(body.prompt_cache_retention),
    metadata: filled(toObject(body.metadata)),
    user: readUser(body, ledger),
    stream: body.stream === true,
  });
}

function readInstructions(instructions: unknown, ledger: Ledger): ReadInput {
  if (Array.isArray(instructions)) return readInput(instructions, ledger);
  if (typeof instructions !== "string" || instructions === "") return { items: [], tools: [] };
  return { items: [{ type: "message", role: "system", parts: [{ type: "text", text: instructions }] }], tools: [] };
}

function readSampling(body: JsonObject, ledger: Ledger): Partial<PivotRequest> {
  return defined({
    maxOutputTokens: toNumber(body.max_output_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    // A penalty of 0 is none.
    frequencyPenalty: toNumber(body.frequency_penalty) || undefined,
    presencePenalty: toNumber(body.presence_penalty) || undefined,
    topLogprobs: readTopLogprobs(body, ledger),
  });
}

/** The same person under the new name and the old one. */
function readUser({ safety_identifier: identifier, user }: JsonObject, ledger: Ledger): string | undefined {
  const [first, second] = [toText(identifier), toText(user)];
  if (first !== undefined && second !== undefined && first !== second) {
    ledger.dropped("user", "safety_identifier says who the user is");
  }
  return first ?? second;
}

const filled = (object: JsonObject | undefined): JsonObject | undefined =>
  object === undefined || Object.keys(object).length === 0 ? undefined : object;
