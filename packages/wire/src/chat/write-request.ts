import { type AssistantTurn, joinText, noParameters, outputText, type Turn, toTurns } from "../pivot/conversation.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotRequest, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import type { ChatMessage, ChatRequest, ChatTool, ChatToolChoice } from "./types.ts";

/** Writes a Chat Completions body. `max_tokens` is the spelling that every server knows; OpenAI's adapter renames it. */
export function writeChatRequest(request: PivotRequest, options: { model: string }, ledger: Ledger): ChatRequest {
  const choice = writableChoice(request, ledger);
  return defined({
    model: options.model,
    messages: toTurns(request.items, ledger).flatMap((turn) => writeTurn(turn, ledger)),
    tools: request.tools.length === 0 ? undefined : request.tools.map(writeTool),
    tool_choice: choice === undefined ? undefined : writeChoice(choice),
    parallel_tool_calls: request.tools.length === 0 ? undefined : request.parallelToolCalls,
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop === undefined ? undefined : [...request.stop],
    stream: request.stream ? true : undefined,
    // Without it no server says what a stream has cost.
    stream_options: request.stream ? { include_usage: true } : undefined,
  });
}

function writeTurn(turn: Turn, ledger: Ledger): ChatMessage[] {
  if (turn.role === "assistant") return writeAssistant(turn, ledger);
  // Local servers and their templates reject `developer`; OpenAI reads `system` the same.
  const role = turn.role === "developer" ? "system" : turn.role;
  return [{ role, content: joinText(turn.parts) }];
}

function writeAssistant(turn: AssistantTurn, ledger: Ledger): ChatMessage[] {
  const text = joinText(turn.parts.filter(({ type }) => type === "text"));
  const refusal = joinText(turn.parts.filter(({ type }) => type === "refusal"));
  const assistant = defined({
    role: "assistant" as const,
    content: text === "" && (turn.calls.length > 0 || refusal !== "") ? null : text,
    refusal: refusal === "" ? undefined : refusal,
    tool_calls:
      turn.calls.length === 0
        ? undefined
        : turn.calls.map((call) => ({
            id: call.callId,
            type: "function" as const,
            function: { name: call.name, arguments: call.arguments === "" ? "{}" : call.arguments },
          })),
  });
  const outputs = turn.outputs.map((output) => ({
    role: "tool" as const,
    tool_call_id: output.callId,
    content: outputText(output, ledger),
  }));
  return [assistant, ...outputs];
}

const writeTool = (tool: PivotTool): ChatTool => ({
  type: "function",
  function: defined({
    name: tool.name,
    description: tool.description,
    parameters: { ...(tool.parameters ?? noParameters) },
    strict: tool.strict,
  }),
});

const writeChoice = (choice: PivotToolChoice): ChatToolChoice =>
  typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
