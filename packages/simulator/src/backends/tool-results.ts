import { type JsonObject, toObjects, toText } from "../json.ts";

/** Chat: the first call that its following tool messages leave unanswered, and the first result without a call. */
export function unmatchedChatTools(messages: readonly JsonObject[]): { open?: string; stray?: number } {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      const id = toText(message.tool_call_id) ?? "";
      if (!open.includes(id)) return { stray: index };
      open = open.filter((each) => each !== id);
      if (open.length === 0 && messages[index + 1]?.role === "tool") return { stray: index + 1 };
      continue;
    }
    if (open[0] !== undefined) return { open: open[0] };
    open = toObjects(message.tool_calls).map((call) => toText(call.id) ?? "");
  }
  return open[0] === undefined ? {} : { open: open[0] };
}

/** Responses: calls and results match by `call_id`, anywhere in the input. */
export function unmatchedResponsesTools(input: readonly JsonObject[]): { open?: string; stray?: string } {
  const idsOf = (...types: readonly string[]) =>
    input.filter((item) => types.includes(String(item.type))).map((item) => toText(item.call_id) ?? "");
  const calls = idsOf("function_call", "custom_tool_call");
  const results = idsOf("function_call_output", "custom_tool_call_output");
  const stray = results.find((id) => !calls.includes(id));
  if (stray !== undefined) return { stray };
  const open = calls.find((id) => !results.includes(id));
  return open === undefined ? {} : { open };
}
