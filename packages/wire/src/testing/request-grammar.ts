import type { WireFeature } from "../pivot/features.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";
import { checkChatRequest } from "./chat-request-grammar.ts";
import { checkMessagesRequest } from "./messages-request-grammar.ts";
import { checkResponsesRequest } from "./responses-request-grammar.ts";

const checks: Readonly<Record<TextWire, (body: JsonObject, features: ReadonlySet<WireFeature>) => string[]>> = {
  chat: checkChatRequest,
  responses: checkResponsesRequest,
  messages: checkMessagesRequest,
};

/**
 * What a strict server of the wire, with these features and no others, would refuse in a body. Stricter than any one
 * server: what one of them answers with 400 is a fault here.
 */
export function checkRequest(
  wire: TextWire,
  body: JsonObject,
  features: ReadonlySet<WireFeature> = new Set(),
): string[] {
  const found = checks[wire](body, features);
  if (JSON.stringify(body) !== JSON.stringify(JSON.parse(JSON.stringify(body)))) found.push("is no plain JSON");
  return found;
}
