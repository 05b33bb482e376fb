import { type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import type { Problem } from "../backend.ts";
import { checkName, checkText, invalid, missing, unsupported } from "./errors.ts";

/** Kinds of parts that a message of each role may hold. */
const partTypes: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["user", ["text", "image_url", "input_audio", "file"]],
  ["assistant", ["text", "refusal"]],
  ["system", ["text"]],
  ["developer", ["text"]],
  ["tool", ["text"]],
]);

const toolTypes = ["function", "custom"];

/** Parts, calls and tools of the chat wire. Facts: Chat Completions 2026-11. */
export function checkChatForms(body: JsonObject, messages: readonly JsonObject[]): Problem | undefined {
  const tools = toObjects(body.tools);
  if (body.tool_choice !== undefined && tools.length === 0) {
    return invalid(
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      "tool_choice",
    );
  }
  return (
    firstProblem(messages, (message, at) => checkMessage(message, `messages[${at}]`)) ??
    firstProblem(tools, (tool, at) => checkTool(tool, `tools[${at}]`))
  );
}

function firstProblem(
  values: readonly JsonObject[],
  check: (value: JsonObject, at: number) => Problem | undefined,
): Problem | undefined {
  for (const [at, value] of values.entries()) {
    const problem = check(value, at);
    if (problem) return problem;
  }
  return undefined;
}

function checkMessage(message: JsonObject, place: string): Problem | undefined {
  const known = partTypes.get(message.role) ?? [];
  return (
    firstProblem(toObjects(message.content), ({ type }, at) =>
      known.includes(String(type)) ? undefined : unsupported(type, known, `${place}.content[${at}].type`),
    ) ??
    firstProblem(toObjects(message.tool_calls), (call, at) => checkText(call.id, 40, `${place}.tool_calls[${at}].id`))
  );
}

function checkTool(tool: JsonObject, place: string): Problem | undefined {
  const type = toText(tool.type);
  if (type === undefined) return missing(`${place}.type`);
  if (!toolTypes.includes(type)) return unsupported(type, toolTypes, `${place}.type`);
  return checkName(toObject(tool[type]).name, `${place}.${type}.name`);
}
