import { type JsonObject, toObject, toObjects, toText } from "../../json.ts";
import type { Account, Problem } from "../backend.ts";
import { checkName, checkText, invalid, missing, unsupported } from "./errors.ts";

/** Every kind of item, with the beginning of its id where one has to have it. */
const itemTypes: ReadonlyMap<string, string | undefined> = new Map(
  Object.entries({
    message: "msg",
    reasoning: "rs",
    function_call: "fc",
    custom_tool_call: "ctc",
    function_call_output: undefined,
    custom_tool_call_output: undefined,
    item_reference: undefined,
    additional_tools: undefined,
    tool_search_call: undefined,
    tool_search_output: undefined,
    web_search_call: "ws",
    file_search_call: "fs",
    code_interpreter_call: "ci",
    image_generation_call: "ig",
    computer_call: "cu",
    computer_call_output: undefined,
    shell_call: undefined,
    shell_call_output: undefined,
    local_shell_call: undefined,
    local_shell_call_output: undefined,
    apply_patch_call: undefined,
    apply_patch_call_output: undefined,
    mcp_call: "mcp",
    mcp_list_tools: "mcpl",
    mcp_approval_request: undefined,
    mcp_approval_response: undefined,
    compaction: "cmp",
    compaction_trigger: undefined,
    configuration_update: undefined,
  }),
);

const inputParts = ["input_text", "input_image", "input_file", "input_audio"];
const outputParts = ["output_text", "refusal"];

const toolTypes = new Set(
  (
    "function custom namespace tool_search web_search web_search_preview file_search code_interpreter mcp " +
    "image_generation shell local_shell apply_patch computer programmatic_tool_calling"
  ).split(" "),
);

/** Items of the input, in this order. Facts: Responses API 2026-11. */
export function checkItems(items: readonly JsonObject[], account: Account): Problem | undefined {
  for (const [at, item] of items.entries()) {
    const place = `input[${at}]`;
    const problem =
      checkType(item, place) ?? checkParts(item, place) ?? checkCall(item, place) ?? checkKnown(item, account);
    if (problem) return problem;
  }
  return undefined;
}

const typeOf = (item: JsonObject): string =>
  toText(item.type) ?? (item.role === undefined ? "item_reference" : "message");

function checkType(item: JsonObject, place: string): Problem | undefined {
  const type = typeOf(item);
  if (!itemTypes.has(type)) return unsupported(type, itemTypes.keys(), `${place}.type`);
  const { id } = item;
  if (id === undefined || id === null) return undefined;
  const prefix = itemTypes.get(type);
  const long = checkText(id, 64, `${place}.id`);
  if (long || prefix === undefined || String(id).startsWith(prefix)) return long;
  const text = `Invalid '${place}.id': '${String(id)}'. Expected an ID that begins with '${prefix}'.`;
  return invalid(text, `${place}.id`, "invalid_value");
}

function checkParts(item: JsonObject, place: string): Problem | undefined {
  const isMessage = typeOf(item) === "message";
  const known = isMessage && item.role === "assistant" ? outputParts : inputParts;
  const parts = isMessage ? item.content : String(item.type).endsWith("_call_output") ? item.output : [];
  const foreign = toObjects(parts).findIndex(({ type }) => !known.includes(String(type)));
  if (foreign < 0) return undefined;
  const key = isMessage ? "content" : "output";
  return unsupported(toObjects(parts)[foreign]?.type, known, `${place}.${key}[${foreign}].type`);
}

function checkCall(item: JsonObject, place: string): Problem | undefined {
  const type = typeOf(item);
  if (type === "reasoning" && !Array.isArray(item.summary)) return missing(`${place}.summary`);
  if (!/^(function_call|custom_tool_call)(_output)?$/.test(type)) return undefined;
  const called = checkText(item.call_id, 64, `${place}.call_id`);
  return called ?? (type.endsWith("_output") ? undefined : checkName(item.name, `${place}.name`));
}

/** Reasoning comes back as it was given; what is only named must have been stored. */
function checkKnown(item: JsonObject, { knows, made }: Account): Problem | undefined {
  const type = typeOf(item);
  const id = toText(item.id);
  const seal = toText(item.encrypted_content);
  if (type === "reasoning" && seal !== undefined && !made(seal)) {
    const text = `The encrypted content for item ${id ?? "?"} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
    return invalid(text, null, "invalid_encrypted_content");
  }
  const named = type === "item_reference" || (type === "reasoning" && seal === undefined && id !== undefined);
  if (!named || (id !== undefined && knows(id))) return undefined;
  const text = `Item with id '${id ?? ""}' not found. Items are not persisted when \`store\` is set to false.`;
  return { ...invalid(text, "input"), status: 404 };
}

export function checkResponsesTools(tools: readonly JsonObject[], place = "tools"): Problem | undefined {
  for (const [at, tool] of tools.entries()) {
    const type = toText(tool.type);
    const here = `${place}[${at}]`;
    if (type === undefined) return missing(`${here}.type`);
    // A hosted tool may bear the date of its version.
    if (!toolTypes.has(type.replace(/_20\d\d_\d\d_\d\d$/, ""))) return unsupported(type, toolTypes, `${here}.type`);
    const named = type === "function" || type === "custom" || type === "namespace";
    const problem = named ? checkName(tool.name, `${here}.name`) : undefined;
    if (problem) return problem;
    const inner = type === "namespace" ? checkResponsesTools(toObjects(tool.tools), `${here}.tools`) : undefined;
    if (inner) return inner;
    const format = toObject(tool.format);
    if (type === "custom" && format.type === "grammar" && toText(format.definition) === undefined) {
      return missing(`${here}.format.definition`);
    }
  }
  return undefined;
}
