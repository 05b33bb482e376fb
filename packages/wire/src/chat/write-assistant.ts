import type { AssistantTurn, PivotCall, PivotOutput } from "../pivot/conversation.ts";
import { asFunctionArguments } from "../pivot/custom-tools.ts";
import { fieldName } from "../pivot/fields.ts";
import { joinCited } from "../pivot/join-cited.ts";
import { defined } from "../pivot/shape.ts";
import { divide, movedMedia, toUser } from "./moved-media.ts";
import type { ChatMessage, ChatPart, ChatToolCall } from "./types.ts";
import { isText, plainContent, writeParts } from "./write-parts.ts";
import type { ChatTarget } from "./write-target.ts";
import { writeThoughts } from "./write-thoughts.ts";

/** Writes an assistant's turn: the message, the results of all its calls, and then what results may not hold. */
export function writeAssistant(turn: AssistantTurn, target: ChatTarget): ChatMessage[] {
  const spoken = joinCited(turn.parts.filter(({ type }) => type !== "refusal"));
  const refusal = turn.parts.flatMap((part) => (part.type === "refusal" && part.text !== "" ? [part.text] : []));
  const { texts, media } = divide(writeParts(spoken, target));
  const thoughts = writeThoughts(turn.thoughts, target);
  const isSilent = texts.length === 0 && (turn.calls.length > 0 || refusal.length > 0);
  // What was thought and not said, and cannot be sent, is no message; some servers refuse an empty one.
  const isNothing = turn.parts.length + turn.calls.length + Object.keys(thoughts).length === 0;
  const assistant: ChatMessage = defined({
    role: "assistant" as const,
    content: isSilent ? null : plainContent(texts),
    refusal: refusal.length === 0 ? undefined : refusal.join("\n\n"),
    ...thoughts,
    tool_calls: turn.calls.length === 0 ? undefined : turn.calls.map((call) => writeCall(call, target)),
  });
  const outputs = outputsOf(turn, target).map((output) => writeOutput(output, target));
  const moved = [
    ...movedMedia(media, turn.parts, "[Of the assistant's message]", target),
    ...outputs.flatMap((output) => output.moved),
  ];
  return [...(isNothing ? [] : [assistant]), ...outputs.map(({ message }) => message), ...toUser(moved)];
}

function writeCall(call: PivotCall, { names, takes }: ChatTarget): ChatToolCall {
  const id = call.callId;
  if (call.type === "function_call") {
    const name = names.spell(call.name, call.namespace);
    return { id, type: "function", function: { name, arguments: call.arguments === "" ? "{}" : call.arguments } };
  }
  if (takes("custom_tools")) {
    return { id, type: "custom", custom: { name: names.spell(call.name, call.namespace), input: call.input } };
  }
  const name = names.spell(call.name, call.namespace, "custom");
  return { id, type: "function", function: { name, arguments: asFunctionArguments(call.input) } };
}

/** Every call has a result: OpenAI refuses one without. */
function outputsOf({ calls, outputs }: AssistantTurn, { ledger }: ChatTarget): readonly PivotOutput[] {
  const open = calls.filter(({ callId }) => !outputs.some((output) => output.callId === callId));
  if (open.length === 0) return outputs;
  ledger.changed(fieldName(ledger, "openCall"), "a tool call without a result got an empty one");
  const parts = [{ type: "text", text: "(no result)" }] as const;
  return [...outputs, ...open.map(({ callId }): PivotOutput => ({ type: "function_call_output", callId, parts }))];
}

/** A result as text, and what it held besides: OpenAI answers anything else there with a 400, whatever its other wire takes. */
function writeOutput(output: PivotOutput, target: ChatTarget): { message: ChatMessage; moved: ChatPart[] } {
  const read = writeParts(output.parts, target);
  const parts = output.isError === true ? markError(read, target) : read;
  const message = { role: "tool" as const, tool_call_id: output.callId };
  const { texts, media } = divide(parts);
  if (media.length === 0) return { message: { ...message, content: plainContent(texts, "\n") }, moved: [] };
  const content = texts.length === 0 ? "[See below.]" : plainContent(texts, "\n");
  const heading = `[Of the result of tool call ${output.callId}]`;
  return { message: { ...message, content }, moved: movedMedia(media, output.parts, heading, target) };
}

/** Only Messages has a sign for a tool that failed. */
function markError(parts: readonly ChatPart[], { ledger }: ChatTarget): ChatPart[] {
  ledger.changed(fieldName(ledger, "isError"), `written into the text, ${ledger.to} has no sign for it`);
  const first = parts.find(isText);
  if (first === undefined) return [{ type: "text", text: "Error: " }, ...parts];
  return parts.map((part) => (part === first ? { ...first, text: `Error: ${first.text}` } : part));
}
