import { countPrompt } from "../../answer/words.ts";
import { isObject, type JsonObject, toList } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { Problem } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { bad } from "../openai-compatible/backend.ts";

/** What vLLM 0.32.0 finds wrong before it looks for the model. */
export function checkForm(wire: SimWire, body: JsonObject): Problem | undefined {
  if (wire === "messages" && body.max_tokens === undefined) return invalid("max_tokens", "missing", "Field required");
  const stops = wire === "messages" ? "stop_sequences" : "stop";
  if (toList(body[stops]).length > 4) {
    return invalid(stops, "too_long", "List should have at most 4 items after validation, not 5");
  }
  if (wire !== "chat") return undefined;
  if (Array.isArray(body.tools) && body.tools.length === 0) {
    const rule = "`tools` must not be an empty array.";
    return bad(`${rule} Either provide at least one tool or omit the field entirely. (parameter=tools)`, "tools");
  }
  const choice = body.tool_choice ?? "none";
  if (body.tools !== undefined || choice === "none") return undefined;
  return bad("When using `tool_choice`, `tools` must be set. (parameter=tool_choice)", "tool_choice");
}

/** What it finds once it has rendered the prompt. */
export function checkPrompt(body: JsonObject, model: SimModel): Problem | undefined {
  if (model.type !== "vlm" && holdsImage([body.messages, body.input])) {
    return bad(`${model.id} is not a multimodal model`);
  }
  const window = model.contextWindow ?? 131_072;
  if (countPrompt(body) <= window) return undefined;
  // It stops counting one token beyond the window.
  const input = window + 1;
  const rule = `This model's maximum context length is ${window} tokens. However, your prompt contains at least ${input} input tokens, which exceeds this limit even without any output tokens.`;
  const advice = `Please reduce the length of the input prompt. (parameter=input_tokens, value=${input})`;
  return bad(`${rule} ${advice}`, "input_tokens");
}

/** A validation error, which is in OpenAI's envelope on every wire. */
const invalid = (key: string, type: string, message: string): Problem => ({
  ...bad(`1 validation error:\n  {'type': '${type}', 'loc': 'body.${key}', 'msg': '${message}'}`, `body.${key}`),
  type: "Bad Request",
});

const imageTypes: ReadonlySet<unknown> = new Set(["image_url", "input_image", "image"]);

function holdsImage(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsImage);
  return isObject(value) && (imageTypes.has(value.type) || holdsImage(value.content));
}
