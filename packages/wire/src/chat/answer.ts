import { answerId } from "../pivot/answer-id.ts";
import { hasError, readFault } from "../pivot/fault.ts";
import { type AnswerFold, foldFinished } from "../pivot/fold.ts";
import { defined, isObject, toList, toObject } from "../pivot/shape.ts";
import { tellFinish } from "../pivot/tell-finish.ts";
import type { AnswerEvent, WireFault } from "../pivot/types.ts";
import type { AnswerContext } from "../translate.ts";
import { toChatFinish } from "./finish.ts";
import { wantsFunctionCall } from "./legacy.ts";
import { ChatReader } from "./read-stream.ts";
import type { ChatAnswer, ChatLogprobs } from "./types.ts";
import { toChatUsage } from "./usage.ts";
import { writeChatMessage } from "./write-message.ts";

/** Of a backend nothing is known that could stand here; @openrouter/sdk 1.3.19 fails on a whole answer without it. */
const fingerprint = "fp_headgate";

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
  tellFinish(fold, context.ledger);
  return defined({
    id: answerId("chat", fold.id, context.id),
    object: "chat.completion" as const,
    created: fold.created ?? context.created,
    model: fold.model ?? context.model,
    system_fingerprint: fingerprint,
    choices: [
      {
        index: 0,
        message: writeChatMessage(fold, context),
        logprobs: logprobsOf(fold),
        finish_reason: toChatFinish(fold.reason, {
          calls: fold.items.some(({ item }) => "callId" in item),
          legacy: wantsFunctionCall(context.request),
        }),
      },
    ],
    usage: fold.usage === undefined ? undefined : toChatUsage(fold.usage),
  });
}

function noAnswer(body: unknown): WireFault {
  const fallback = "The backend's reply is no chat completion: it has no choices.";
  return { ...readFault(body, fallback), raw: body };
}

/** Every token's, in the form that both OpenAI wires share; backends without them are the rule. */
function logprobsOf({ items }: AnswerFold): ChatLogprobs | null {
  const tokens = items.flatMap(({ parts }) => parts.flatMap(({ logprobs }) => logprobs));
  return tokens.length === 0 ? null : { content: tokens as ChatLogprobs["content"], refusal: null };
}
