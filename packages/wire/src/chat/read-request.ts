import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, toBoolean, toObject } from "../pivot/shape.ts";
import type { JsonObject, PivotRequest } from "../pivot/types.ts";
import { readChatMessage } from "./read-messages.ts";
import { readChatSettings } from "./read-settings.ts";
import { readChatToolChoice, readChatTools } from "./read-tools.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    (
      "model messages tools tool_choice functions function_call parallel_tool_calls max_tokens max_completion_tokens " +
      "temperature top_p top_k seed frequency_penalty presence_penalty logit_bias logprobs top_logprobs stop n " +
      "response_format reasoning_effort reasoning verbosity service_tier prompt_cache_key prompt_cache_retention " +
      "metadata user safety_identifier stream stream_options"
    ).split(" "),
  ),
  switches: new Set(["web_search_options"]),
  defaults: new Map<string, readonly unknown[]>([
    ["store", [false]],
    ["modalities", [["text"]]],
  ]),
};

/** Reads a client's Chat Completions body. */
export function readChatRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  if (!Array.isArray(body.messages)) throw new WireRequestError("messages", "messages must be a list.");
  dropRest(body, bodyKeys, "", ledger);
  const { choice, allowed } = readChatToolChoice(body, ledger);
  const tools = readChatTools(body, ledger);
  return defined({
    items: body.messages.flatMap((message, index) => readChatMessage(message, index, ledger)),
    tools: allowed === undefined ? tools : tools.filter(({ name }) => allowed.has(name)),
    toolChoice: choice,
    parallelToolCalls: toBoolean(body.parallel_tool_calls),
    ...readChatSettings(body, ledger),
    stream: body.stream === true,
    includeUsage: toBoolean(toObject(body.stream_options)?.include_usage),
  });
}
