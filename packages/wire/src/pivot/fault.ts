import { isObject, toObject, toText } from "./shape.ts";
import type { JsonObject, WireFault } from "./types.ts";

/**
 * Reads an error out of a body or an event, in any of the shapes seen: `{error: {…}}`, `{error: "text"}`,
 * `{type: "error", error: {…}}`, flat `{message, type, code}`, FastAPI's `{detail}`, plain text.
 */
export function readFault(value: unknown, fallback = "The backend sent an error without a message."): WireFault {
  const source = faultSource(value);
  if (typeof source === "string") return { message: source === "" ? fallback : source, raw: value };
  const message = toText(source.message) ?? toText(source.detail) ?? toText(toObject(value)?.message) ?? fallback;
  const type = label(source.type);
  const code = label(source.code);
  const param = label(source.param);
  return {
    message,
    ...(type !== undefined && type !== "error" ? { type } : {}),
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
    raw: value,
  };
}

/** True where a body or frame carries an error beside or instead of an answer. */
export const hasError = (frame: JsonObject): boolean =>
  frame.error !== undefined && frame.error !== null && frame.error !== "" && frame.error !== false;

function faultSource(value: unknown): JsonObject | string {
  if (typeof value === "string") return value;
  if (!isObject(value)) return {};
  if (typeof value.error === "string" && value.error !== "") return value.error;
  return isObject(value.error) ? value.error : value;
}

/** LiteLLM spells an absent type or code `"None"`; vLLM and llama.cpp send numbers. */
function label(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" && value !== "None" ? value : undefined;
}
