import { noParameters, type Turn, toTurns } from "../pivot/conversation.ts";
import { fieldName } from "../pivot/fields.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { defined } from "../pivot/shape.ts";
import type { PivotRequest, PivotTool, PivotToolChoice } from "../pivot/types.ts";
import { writableChoice } from "../pivot/write-tools.ts";
import type { MessagesRequest, MessagesTool, MessagesToolChoice } from "./types.ts";
import { writeSystem, writeTurns } from "./write-turns.ts";

/** Sent where neither the client nor the model's facts name a limit: Messages demands one. */
const defaultMaxTokens = 4096;

/** Writes a Messages body. */
export function writeMessagesRequest(
  request: PivotRequest,
  options: { model: string; maxOutputTokens?: number },
  ledger: Ledger,
): MessagesRequest {
  const turns = toTurns(request.items, ledger, spellCallId);
  const tools = request.tools.length > 0 ? request.tools : toolsOfHistory(turns, ledger);
  const system = writeSystem(turns, ledger);
  return defined({
    model: options.model,
    max_tokens: request.maxOutputTokens ?? options.maxOutputTokens ?? defaultMaxTokens,
    system: system === "" ? undefined : system,
    messages: writeTurns(turns, ledger),
    tools: tools.length === 0 ? undefined : tools.map(writeTool),
    tool_choice: tools === request.tools ? writeChoice(request, ledger) : noChoice(tools),
    temperature: writeTemperature(request.temperature, ledger),
    top_p: request.topP,
    stop_sequences: request.stop === undefined ? undefined : [...request.stop],
    stream: request.stream ? true : undefined,
  });
}

/** Messages takes ids of letters, digits, `_` and `-` alone; a rename inside one body is no loss. */
const spellCallId = (callId: string): string => callId.replace(/[^A-Za-z0-9_-]/g, "_");

/** A history with calls needs their tools declared, even if none may be called now. */
function toolsOfHistory(turns: readonly Turn[], ledger: Ledger): readonly PivotTool[] {
  const names = new Set(turns.flatMap((turn) => (turn.role === "assistant" ? turn.calls.map(({ name }) => name) : [])));
  if (names.size > 0)
    ledger.changed(fieldName(ledger, "tools"), "tools of earlier calls are declared, none may be called");
  return [...names].map((name) => ({ type: "function", name }));
}

const noChoice = (tools: readonly PivotTool[]): MessagesToolChoice | undefined =>
  tools.length === 0 ? undefined : { type: "none" };

const writeTool = (tool: PivotTool): MessagesTool =>
  defined({
    name: tool.name,
    description: tool.description,
    input_schema: { ...(tool.parameters ?? noParameters), type: "object" as const },
    strict: tool.strict === true ? true : undefined,
  });

/** `disable_parallel_tool_use` lives inside the choice, so a request without one gets `auto`. */
function writeChoice(request: PivotRequest, ledger: Ledger): MessagesToolChoice | undefined {
  const choice = writableChoice(request, ledger);
  const single = request.parallelToolCalls === false && request.tools.length > 0;
  if (choice === undefined) return single ? { type: "auto", disable_parallel_tool_use: true } : undefined;
  if (choice === "none") return { type: "none" };
  return { ...toChoice(choice), ...(single ? { disable_parallel_tool_use: true } : {}) };
}

function toChoice(choice: Exclude<PivotToolChoice, "none">): MessagesToolChoice {
  if (choice === "auto") return { type: "auto" };
  return choice === "required" ? { type: "any" } : { type: "tool", name: choice.name };
}

function writeTemperature(temperature: number | undefined, ledger: Ledger): number | undefined {
  if (temperature === undefined || temperature <= 1) return temperature;
  ledger.changed(fieldName(ledger, "temperature"), "messages takes at most 1");
  return 1;
}
