import { type JsonObject, toObject } from "../../json.ts";
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
  return undefined;
}
