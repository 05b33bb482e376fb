import { checkChatStream } from "./chat/grammar.ts";
import { checkMessagesStream } from "./messages/grammar.ts";
import type { TextWire } from "./pivot/types.ts";
import { checkResponsesStream } from "./responses/grammar.ts";
import type { SseEvent } from "./sse/reader.ts";

const checks: Readonly<Record<TextWire, (events: readonly SseEvent[]) => string[]>> = {
  chat: checkChatStream,
  responses: checkResponsesStream,
  messages: checkMessagesStream,
};

/**
 * Says how a stream breaks its wire's own rules (order, indices, ids, sequence numbers, one terminal event), as a
 * strict client would see it. Meant for tests; an empty list is a good stream.
 */
export const checkStream = (wire: TextWire, events: readonly SseEvent[]): string[] => checks[wire](events);
