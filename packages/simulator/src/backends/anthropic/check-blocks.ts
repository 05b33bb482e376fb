import { type JsonObject, toList, toObject, toObjects, toText } from "../../json.ts";
import type { Problem } from "../backend.ts";
import { invalid } from "./errors.ts";

const cached = ["cache_control"];

/** The keys of every kind of block, beside `type`. */
const blockKeys: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["text", ["text", "citations", ...cached]],
  ["image", ["source", ...cached]],
  ["document", ["source", "title", "context", "citations", ...cached]],
  ["search_result", ["source", "title", "content", "citations", ...cached]],
  ["thinking", ["thinking", "signature"]],
  ["redacted_thinking", ["data"]],
  ["tool_use", ["id", "name", "input", "caller", ...cached]],
  ["tool_result", ["tool_use_id", "content", "is_error", ...cached]],
]);

const toolKeys = new Set(
  "name description input_schema strict cache_control defer_loading eager_input_streaming input_examples allowed_callers type".split(
    " ",
  ),
);

/** Facts: Messages API 2026-11; a vendor's own blocks and tools are not looked at. */
export function checkBlocks(body: JsonObject): Problem | undefined {
  const blocks = blocksOf(body);
  for (const [place, block] of blocks) {
    const keys = blockKeys.get(block.type);
    const unknown = keys && Object.keys(block).find((key) => key !== "type" && !keys.includes(key));
    if (unknown) return invalid(`${place}.${String(block.type)}.${unknown}: Extra inputs are not permitted`);
    const id = block.type === "tool_use" ? block.id : block.type === "tool_result" ? block.tool_use_id : "id";
    if (typeof id !== "string" || !/^[a-zA-Z0-9_-]+$/.test(id)) {
      return invalid(`${place}.${String(block.type)}.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
    }
  }
  const marked = [...blocks.map(([, block]) => block), ...toObjects(body.tools)];
  const marks = marked.filter((block) => block.cache_control !== undefined && block.cache_control !== null).length;
  if (marks > 4) return invalid(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
  return checkTools(body);
}

/** Every block with its place: of the system prompt, of messages, inside tool results. */
function blocksOf(body: JsonObject): readonly (readonly [place: string, block: JsonObject])[] {
  const system = toObjects(body.system).map((block, at) => [`system.${at}`, block] as const);
  const said = toObjects(body.messages).flatMap((message, at) =>
    toObjects(message.content).flatMap((block, number) => {
      const place = `messages.${at}.content.${number}`;
      const inner = toObjects(block.content).map(
        (one, index) => [`${place}.tool_result.content.${index}`, one] as const,
      );
      return [[place, block] as const, ...(block.type === "tool_result" ? inner : [])];
    }),
  );
  return [...system, ...said];
}

function checkTools(body: JsonObject): Problem | undefined {
  const tools = toObjects(body.tools);
  const names = tools.map((tool) => toText(tool.name) ?? "");
  for (const [at, tool] of tools.entries()) {
    if (tool.type !== undefined && tool.type !== "custom") continue;
    const unknown = Object.keys(tool).find((key) => !toolKeys.has(key));
    if (unknown) return invalid(`tools.${at}.custom.${unknown}: Extra inputs are not permitted`);
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(names[at] ?? "")) {
      return invalid(`tools.${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    }
    if (toObject(tool.input_schema).type !== "object")
      return invalid(`tools.${at}.custom.input_schema.type: Field required`);
  }
  if (new Set(names).size < names.length) return invalid("tools: Tool names must be unique.");
  const choice = toObject(body.tool_choice);
  if (choice.type === "tool" && !names.includes(toText(choice.name) ?? "")) {
    return invalid(`Tool '${String(choice.name)}' not found in provided tools`);
  }
  return undefined;
}

/** Signatures and encrypted reasoning that this account never got. */
export function checkSeals(body: JsonObject, made: (seal: string) => boolean): Problem | undefined {
  for (const [at, message] of toObjects(body.messages).entries()) {
    const blocks = toList(message.content).map(toObject);
    const number = blocks.findIndex(({ type, signature, data }) => {
      const seal = type === "thinking" ? signature : type === "redacted_thinking" ? data : undefined;
      return type === "thinking" || type === "redacted_thinking" ? !made(toText(seal) ?? "") : false;
    });
    if (number < 0) continue;
    const [key, kind] = blocks[number]?.type === "thinking" ? ["signature", "thinking"] : ["data", "redacted_thinking"];
    return invalid(`messages.${at}.content.${number}: Invalid \`${key}\` in \`${kind}\` block`);
  }
  return undefined;
}
