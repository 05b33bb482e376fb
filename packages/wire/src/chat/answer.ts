import { answerId } from "../pivot/answer-id.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { type AnswerFold, foldFinished } from "../pivot/fold.ts";
import { defined, isObject, toList, toObject } from "../pivot/shape.ts";
import type { AnswerEvent, WireFault } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { toChatFinish } from "./finish.ts";
import { ChatReader } from "./read-stream.ts";
import type { ChatAnswer, ChatToolCall } from "./types.ts";
import { toChatUsage } from "./usage.ts";

/** Reads a whole answer as a stream of one chunk. */
export function readChatAnswer(body: unknown): AnswerEvent[] {
  const choices = toList(toObject(body)?.choices);
  if (!isObject(body) || hasError(body) || !choices.some((choice) => isObject(toObject(choice)?.message))) {
    return [{ type: "error", fault: noAnswer(body) }];
  }
  const out: AnswerEvent[] = [];
  const reader = new ChatReader();
  reader.frame(body, out, "message");
  reader.done(out);
  const failed = out.find((event) => event.type === "error");
  return failed === undefined ? out : [{ type: "error", fault: { ...failed.fault, raw: body } }];
}

/** Writes a whole answer. */
export function writeChatAnswer(events: readonly AnswerEvent[], context: AnswerContext): ChatAnswer {
  const fold = foldFinished(events);
  const calls = callsOf(fold);
  const content = textOf(fold, "text");
  const refusal = textOf(fold, "refusal");
  const reasoning = fold.items.map(({ item, text }) => (item.type === "reasoning" ? text : "")).join("");
  return defined({
    id: answerId("chat", fold.id, context.id),
    object: "chat.completion" as const,
    created: fold.created ?? context.created,
    model: fold.model ?? context.model,
    choices: [
      {
        index: 0,
        message: defined({
          role: "assistant" as const,
          content: content === "" && (calls.length > 0 || refusal !== "") ? null : content,
          refusal: refusal === "" ? null : refusal,
          reasoning_content: reasoning === "" ? undefined : reasoning,
          tool_calls: calls.length === 0 ? undefined : calls,
        }),
        logprobs: null,
        finish_reason: toChatFinish(fold.reason),
      },
    ],
    usage: fold.usage === undefined ? undefined : toChatUsage(fold.usage),
  });
}

function noAnswer(body: unknown): WireFault {
  const fallback = "The backend's reply is no chat completion: it has no choices.";
  return { ...readFault(body, fallback), raw: body };
}

const textOf = (fold: AnswerFold, type: "text" | "refusal"): string =>
  fold.items.flatMap(({ parts }) => parts.filter((part) => part.type === type).map(({ text }) => text)).join("");

function callsOf(fold: AnswerFold): ChatToolCall[] {
  return fold.items.flatMap(({ item, text }) =>
    item.type === "function_call"
      ? [{ id: item.callId, type: "function" as const, function: { name: item.name, arguments: text } }]
      : [],
  );
}
