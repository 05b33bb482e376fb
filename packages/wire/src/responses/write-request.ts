import { joinText, noParameters, outputText, type PivotMessage, pairOutputs } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotItem, PivotRequest, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import type { ResponsesInputItem, ResponsesRequest, ResponsesTool, ResponsesToolChoice } from "./types.ts";

/** Writes a Responses body. Nothing is to be stored: the client's wire has no way to ask for it again. */
export function writeResponsesRequest(
  request: PivotRequest,
  options: { model: string },
  ledger: Ledger,
): ResponsesRequest {
  if (request.stop !== undefined) ledger.dropped(fieldName(ledger, "stop"), "responses has no stop sequences");
  const choice = writableChoice(request, ledger);
  const { instructions, items } = takeInstructions(pairOutputs(request.items, ledger));
  return defined({
    model: options.model,
    instructions,
    input: items.map((item) => writeItem(item, ledger)),
    tools: request.tools.length === 0 ? undefined : request.tools.map(writeTool),
    tool_choice: choice === undefined ? undefined : writeChoice(choice),
    parallel_tool_calls: request.tools.length === 0 ? undefined : request.parallelToolCalls,
    max_output_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    store: false,
    stream: request.stream ? true : undefined,
  });
}

/** A single leading system message is what `instructions` is for; several keep their places. */
function takeInstructions(items: readonly PivotItem[]): { instructions?: string; items: readonly PivotItem[] } {
  const [first, second] = items;
  const leading = first?.type === "message" && first.role === "system";
  const more = second?.type === "message" && (second.role === "system" || second.role === "developer");
  // A conversation of nothing else still needs an input.
  if (!leading || more || items.length === 1) return { items };
  return { instructions: joinText(first.parts), items: items.slice(1) };
}

function writeItem(item: PivotItem, ledger: Ledger): ResponsesInputItem {
  switch (item.type) {
    case "message":
      return writeMessage(item);
    case "function_call": {
      const text = item.arguments === "" ? "{}" : item.arguments;
      return { type: "function_call", call_id: item.callId, name: item.name, arguments: text };
    }
    case "function_call_output":
      return { type: "function_call_output", call_id: item.callId, output: outputText(item, ledger) };
  }
}

/** Text is written as a string where it can be: vLLM and llama.cpp take an assistant's parts only with an id and status. */
function writeMessage({ role, parts }: PivotMessage): ResponsesInputItem {
  if (role === "assistant") {
    if (parts.every(({ type }) => type === "text")) return { type: "message", role, content: joinText(parts) };
    const content = parts.map(({ type, text }) =>
      type === "refusal" ? { type: "refusal" as const, refusal: text } : { type: "output_text" as const, text },
    );
    return { type: "message", role, content };
  }
  const [only] = parts;
  const content = parts.map(({ text }) => ({ type: "input_text" as const, text }));
  return { type: "message", role, content: parts.length === 1 && only !== undefined ? only.text : content };
}

/** `strict` is spelled out: Responses takes an absent one for true, the other wires for false. */
const writeTool = (tool: PivotTool): ResponsesTool =>
  defined({
    type: "function" as const,
    name: tool.name,
    description: tool.description,
    parameters: { ...(tool.parameters ?? noParameters) },
    strict: tool.strict ?? false,
  });

const writeChoice = (choice: PivotToolChoice): ResponsesToolChoice =>
  typeof choice === "string" ? choice : { type: "function", name: choice.name };
