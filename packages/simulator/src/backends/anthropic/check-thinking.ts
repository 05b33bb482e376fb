import { type JsonObject, toObject, toObjects } from "../../json.ts";
import type { Problem } from "../backend.ts";
import { invalid } from "./errors.ts";

/** How thinking goes together with the rest of a request, on every model. Facts: Messages API 2026-11. */
export function checkThinking(body: JsonObject, beta: string): Problem | undefined {
  const { type, budget_tokens: budget } = toObject(body.thinking);
  if (type !== "enabled" && type !== "adaptive") return undefined;
  if (type === "enabled") {
    if (!Number.isInteger(budget)) return invalid("thinking.enabled.budget_tokens: Field required");
    if (Number(budget) < 1024) {
      return invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
    }
    // Interleaved thinking counts the whole turn, which may be longer than one answer.
    const tooLarge = typeof body.max_tokens === "number" && body.max_tokens <= Number(budget);
    if (tooLarge && !beta.includes("interleaved-thinking")) {
      return invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
    }
  }
  if (["any", "tool"].includes(String(toObject(body.tool_choice).type))) {
    return invalid("Thinking may not be enabled when tool_choice forces tool use.");
  }
  if (body.temperature !== undefined && body.temperature !== 1) {
    return invalid("`temperature` may only be set to 1 when thinking is enabled.");
  }
  if (body.top_k !== undefined) return invalid("`top_k` must be unset when thinking is enabled.");
  return type === "enabled" ? checkLoop(toObjects(body.messages)) : undefined;
}

const thoughts: readonly unknown[] = ["thinking", "redacted_thinking"];

/** A tool loop that goes on begins with the thought that it was begun with. */
function checkLoop(messages: readonly JsonObject[]): Problem | undefined {
  const isQuestion = ({ role, content }: JsonObject) =>
    role === "user" && !toObjects(content).some(({ type }) => type === "tool_result");
  const from = messages.findLastIndex(isQuestion) + 1;
  const at = messages.findIndex(({ role }, index) => index >= from && role === "assistant");
  const first = toObjects(messages[at]?.content)[0]?.type;
  if (at < 0 || thoughts.includes(first)) return undefined;
  const rule =
    "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks).";
  const found = String(first ?? "text");
  return invalid(
    `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. ${rule}`,
  );
}
