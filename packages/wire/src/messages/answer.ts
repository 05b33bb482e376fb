import { answerId } from "../pivot/answer-id.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { type FoldedItem, foldFinished } from "../pivot/fold.ts";
import { isObject } from "../pivot/shape.ts";
import type { AnswerEvent } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { toStopReason } from "./finish.ts";
import { readToolInput } from "./input.ts";
import { MessagesReader } from "./read-stream.ts";
import type { MessagesAnswer, MessagesAnswerBlock } from "./types.ts";
import { toMessagesUsage } from "./usage.ts";

/** Reads a whole answer as the events of a stream. */
export function readMessagesAnswer(body: unknown): AnswerEvent[] {
  if (!isObject(body) || body.type === "error" || hasError(body) || !Array.isArray(body.content)) {
    const fault = readFault(body, "The backend's reply is no message: it has no content.");
    return [{ type: "error", fault: { ...fault, raw: body } }];
  }
  const out: AnswerEvent[] = [];
  const reader = new MessagesReader();
  reader.frame("message_start", { message: { ...body, usage: undefined } }, out);
  body.content.forEach((block: unknown, index) => {
    reader.frame("content_block_start", { index, content_block: block }, out);
    reader.frame("content_block_stop", { index }, out);
  });
  reader.frame("message_delta", { delta: body, usage: body.usage }, out);
  reader.finish(out);
  return out;
}

/** Writes a whole answer. */
export function writeMessagesAnswer(events: readonly AnswerEvent[], context: AnswerContext): MessagesAnswer {
  const fold = foldFinished(events);
  return {
    id: answerId("messages", fold.id, context.id),
    type: "message",
    role: "assistant",
    model: fold.model ?? context.model,
    content: fold.items.flatMap(toBlocks),
    stop_reason: toStopReason(fold.reason),
    stop_sequence: fold.stopSequence ?? null,
    usage: toMessagesUsage(fold.usage),
  };
}

function toBlocks({ item, parts, text }: FoldedItem): MessagesAnswerBlock[] {
  switch (item.type) {
    case "message": {
      const said = parts.map((part) => part.text).join("");
      return said === "" ? [] : [{ type: "text", text: said }];
    }
    case "reasoning":
      return text === "" ? [] : [{ type: "thinking", thinking: text, signature: "" }];
    case "function_call":
      return [{ type: "tool_use", id: item.callId, name: item.name, input: readToolInput(text).input }];
  }
}
