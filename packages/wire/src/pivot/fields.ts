import type { Ledger } from "./ledger.ts";
import type { TextWire } from "./types.ts";

const names = {
  conversation: { chat: "messages[]", responses: "input[]", messages: "messages[]" },
  arguments: {
    chat: "messages[].tool_calls[].function.arguments",
    responses: "input[].arguments",
    messages: "messages[].content[].input",
  },
  callId: {
    chat: "messages[].tool_calls[].id",
    responses: "input[].call_id",
    messages: "messages[].content[].id",
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
