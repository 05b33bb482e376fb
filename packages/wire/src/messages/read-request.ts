import type { Ledger } from "../pivot/ledger.ts";
import { WireRequestError } from "../pivot/request-error.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toNumber, toObject, toText } from "../pivot/shape.ts";
import type { CacheMark, JsonObject, PivotItem, PivotRequest } from "../pivot/types.ts";
import { markLast, readBlocks, readParts, toMessage } from "./read-blocks.ts";
import { readMessagesToolChoice, readMessagesTools } from "./read-tools.ts";
import { readMessagesFormat, readMessagesReasoning, readServiceTier } from "./read-wishes.ts";

const bodyKeys: KnownKeys = {
  carried: new Set(
    (
      "model messages system tools tool_choice thinking output_config output_format max_tokens temperature top_p " +
      "top_k stop_sequences metadata service_tier cache_control stream"
    ).split(" "),
  ),
  defaults: new Map([["speed", ["standard"]]]),
};
const messageKeys: KnownKeys = { carried: new Set(["role", "content", "id", "type"]) };
const metadataKeys: KnownKeys = { carried: new Set(["user_id"]) };

/** Reads a client's Messages body. */
export function readMessagesRequest(body: JsonObject, ledger: Ledger): PivotRequest {
  if (!Array.isArray(body.messages)) throw new WireRequestError("messages", "messages must be a list.");
  dropRest(body, bodyKeys, "", ledger);
  const items = [
    ...toMessage("system", readParts(body.system, "system[]", ledger)),
    ...body.messages.flatMap((message, index) => readMessage(message, index, ledger)),
  ];
  const metadata = toObject(body.metadata) ?? {};
  dropRest(metadata, metadataKeys, "metadata.", ledger);
  const stop = toList(body.stop_sequences).filter((entry): entry is string => typeof entry === "string");
  return defined({
    items: markConversation(items, toObject(body.cache_control), ledger),
    tools: readMessagesTools(body.tools, ledger),
    ...readMessagesToolChoice(body.tool_choice, ledger),
    maxOutputTokens: toNumber(body.max_tokens),
    temperature: toNumber(body.temperature),
    topP: toNumber(body.top_p),
    topK: toNumber(body.top_k),
    stop: stop.length === 0 ? undefined : stop,
    reasoning: readMessagesReasoning(body, ledger),
    format: readMessagesFormat(body, ledger),
    serviceTier: readServiceTier(body.service_tier, ledger),
    user: toText(metadata.user_id),
    stream: body.stream === true,
  });
}

type Role = Extract<PivotItem, { type: "message" }>["role"];

const isRole = (role: unknown): role is Role =>
  role === "user" || role === "assistant" || role === "system" || role === "developer";

function readMessage(value: unknown, index: number, ledger: Ledger): PivotItem[] {
  const path = `messages[${index}]`;
  if (!isObject(value)) throw new WireRequestError(path, `${path} must be an object.`);
  const { role, content } = value;
  if (!isRole(role)) {
    const given = JSON.stringify(role) ?? "nothing";
    throw new WireRequestError(`${path}.role`, `${path}.role must be user, assistant or system; got ${given}.`);
  }
  dropRest(value, messageKeys, "messages[].", ledger);
  return Array.isArray(content)
    ? readBlocks(role, content, ledger)
    : toMessage(role, readParts(content, "messages[].content[]", ledger));
}

/** `cache_control` of the whole body marks its last block. */
function markConversation(
  items: readonly PivotItem[],
  cache: CacheMark | undefined,
  ledger: Ledger,
): readonly PivotItem[] {
  if (cache === undefined) return items;
  const last = items.at(-1);
  if (last?.type !== "message" && last?.type !== "function_call_output") {
    ledger.dropped("cache_control", "the last block cannot be marked");
    return items;
  }
  return [...items.slice(0, -1), { ...last, parts: markLast(last.parts, cache, ledger) }];
}
