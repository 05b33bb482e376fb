import type { Ledger } from "./ledger.ts";
import type { TextWire } from "./types.ts";

const names = {
  firstTurn: { chat: "messages[0]", responses: "input[0]", messages: "messages[0]" },
  laterSystem: { chat: "messages[].system", responses: "input[].system", messages: "messages[].system" },
  orphanOutput: {
    chat: "messages[].tool",
    responses: "input[].function_call_output",
    messages: "messages[].content[].tool_result",
  },
  openCall: {
    chat: "messages[].tool_calls[]",
    responses: "input[].function_call",
    messages: "messages[].content[].tool_use",
  },
  arguments: {
    chat: "messages[].tool_calls[].function.arguments",
    responses: "input[].arguments",
    messages: "messages[].content[].input",
  },
  isError: {
    chat: "messages[].is_error",
    responses: "input[].is_error",
    messages: "messages[].content[].is_error",
  },
  stop: { chat: "stop", responses: "stop", messages: "stop_sequences" },
  tools: { chat: "tools", responses: "tools", messages: "tools" },
  temperature: { chat: "temperature", responses: "temperature", messages: "temperature" },
} as const satisfies Record<string, Record<TextWire, string>>;

/** What the client calls this part of its body; a writer knows the pivot alone. */
export const fieldName = (ledger: Ledger, name: keyof typeof names): string => names[name][ledger.from];
