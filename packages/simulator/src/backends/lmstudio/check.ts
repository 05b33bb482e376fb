import { isObject, type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import type { SimWire } from "../../wires/frame.ts";
import type { Problem } from "../backend.ts";
import type { SimModel } from "../model.ts";
import { detailed, plain } from "./errors.ts";

const roles = ["user", "assistant", "system", "tool"];
const efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** Facts: LM Studio 0.4.8 to 0.4.23. `developer` is taken as system. */
function checkChat(body: JsonObject): Problem | undefined {
  if (!Array.isArray(body.messages)) return plain("'messages' field is required");
  const messages = toObjects(body.messages);
  const foreign = messages.find((message) => message.role !== "developer" && !roles.includes(String(message.role)));
  if (foreign) {
    const rule = `'messages' array must only contain objects with a 'role' field that is in [${roles.join(", ")}].`;
    return plain(`${rule} Got '${String(foreign.role)}'`);
  }
  const format = toObject(body.response_format).type;
  if (format !== undefined && format !== "json_schema" && format !== "text") {
    return plain("'response_format.type' must be 'json_schema' or 'text'");
  }
  const parts = messages.flatMap((message) => toObjects(message.content));
  const remote = parts.some(
    (part) => part.type === "image_url" && !toText(toObject(part.image_url).url)?.startsWith("data:"),
  );
  if (remote) return plain("'url' field must be a base64 encoded image.");
  if (body.reasoning_effort !== undefined && !efforts.includes(String(body.reasoning_effort))) {
    return plain(`'reasoning_effort' must be one of [${efforts.join(", ")}]`);
  }
  return checkTools(toObjects(body.tools).map((tool) => toObject(tool.function).parameters));
}

/** Answered with the dump of a schema library, as a string. */
function checkTools(parameters: readonly unknown[]): Problem | undefined {
  const index = parameters.findIndex((schema) => {
    const { type, properties } = toObject(schema);
    return type !== "object" || !isObject(properties);
  });
  if (index < 0) return undefined;
  const path = ["tools", index, "function", "parameters", "properties"];
  return plain(
    JSON.stringify([{ code: "invalid_type", expected: "object", received: "undefined", path, message: "Required" }]),
  );
}

function checkResponses(body: JsonObject, knows: (id: string) => boolean): Problem | undefined {
  if (isObject(body.text) && body.text.format === undefined) {
    return detailed(400, "Required", "missing_required_parameter", "text.format");
  }
  if (body.input === undefined) return detailed(400, "Required", "missing_required_parameter", "input");
  const previous = body.previous_response_id;
  if (typeof previous === "string" && !knows(previous)) {
    const message = `Previous response with id '${previous}' not found.`;
    return detailed(400, message, "previous_response_not_found", "previous_response_id");
  }
  return undefined;
}

function checkMessages(body: JsonObject): Problem | undefined {
  if (!Array.isArray(body.messages)) return plain("'messages' field is required");
  return toObjects(body.messages).every(({ role }) => ["user", "assistant", "system"].includes(String(role)))
    ? undefined
    : plain("Invalid discriminator value. Expected 'user' | 'assistant'");
}

export const checkLmStudio = (wire: SimWire, body: JsonObject, knows: (id: string) => boolean): Problem | undefined => {
  if (wire === "chat") return checkChat(body);
  if (wire === "completions" || wire === "embeddings") {
    const field = wire === "completions" ? "prompt" : "input";
    return body[field] === undefined ? plain(`'${field}' field is required`) : undefined;
  }
  return wire === "responses" ? checkResponses(body, knows) : checkMessages(body);
};

/** Vectors come from an embedding model, and nothing else does. */
export function checkTask(wire: SimWire, { id, type }: SimModel): Problem | undefined {
  if ((wire === "embeddings") === (type === "embeddings")) return undefined;
  const message = `Model "${id}" not found. Please specify a valid model.`;
  return detailed(404, message, "model_not_found", "model");
}
