import type { WireFeature } from "../pivot/features.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { RequestFaults } from "./request-faults.ts";

const plainKeys =
  "model input instructions tools tool_choice parallel_tool_calls max_output_tokens temperature top_p top_logprobs " +
  "include reasoning text store stream user";

const gatedKeys = {
  service_tier: "service_tier",
  prompt_cache_key: "prompt_cache",
  prompt_cache_retention: "prompt_cache",
  metadata: "metadata",
  safety_identifier: "metadata",
} as const satisfies Readonly<Record<string, WireFeature>>;

/** See `checkRequest`. */
export function checkResponsesRequest(body: JsonObject, features: ReadonlySet<WireFeature>): string[] {
  const faults = new RequestFaults(features);
  faults.keys(body, "body", plainKeys, gatedKeys);
  const tools = faults.tools(body.tools, "tools", (tool) => tool.name);
  tools.forEach((tool, index) => {
    checkTool(tool, `tools[${index}]`, faults);
  });
  checkChoice(body, tools, faults);
  if (typeof body.input !== "string") {
    faults.expect(Array.isArray(body.input) && body.input.length > 0, "input", "is empty");
    new ResponsesConversation(faults).check(toList(body.input));
  }
  faults.number(body, "max_output_tokens", 1, Number.MAX_SAFE_INTEGER);
  faults.expect(body.store === false, "store", "is not false");
  const effort = toObject(body.reasoning)?.effort;
  const efforts = features.has("all_efforts") ? "none minimal low medium high xhigh max" : "low medium high";
  if (effort !== undefined)
    faults.expect(efforts.split(" ").includes(String(effort)), "reasoning.effort", "is unknown");
  if (toObject(body.text)?.verbosity !== undefined) {
    faults.expect(features.has("verbosity"), "text.verbosity", "is no field of this server");
  }
  return faults.found;
}

function checkTool(tool: JsonObject, path: string, faults: RequestFaults): void {
  switch (tool.type) {
    case "function":
      faults.keys(tool, path, "type name description parameters strict", { defer_loading: "tool_search" });
      faults.name(tool.name, `${path}.name`);
      faults.schema(tool.parameters, `${path}.parameters`);
      faults.expect(typeof tool.strict === "boolean", `${path}.strict`, "is not spelled out");
      return;
    case "custom":
      faults.keys(tool, path, "type name description format", { defer_loading: "tool_search" });
      faults.expect(faults.features.has("custom_tools"), path, "is a custom tool");
      faults.name(tool.name, `${path}.name`);
      return;
    case "namespace":
      faults.expect(faults.features.has("namespace_tools"), path, "is a group of tools");
      faults.name(tool.name, `${path}.name`);
      faults
        .tools(tool.tools, `${path}.tools`, ({ name }) => name)
        .forEach((inner, index) => {
          checkTool(inner, `${path}.tools[${index}]`, faults);
        });
      return;
    case "tool_search":
      faults.expect(faults.features.has("tool_search"), path, "is a tool search");
      return;
    default:
      faults.expect(faults.features.has("hosted_tools"), path, `is of type ${JSON.stringify(tool.type)}`);
  }
}

function checkChoice(body: JsonObject, tools: readonly JsonObject[], faults: RequestFaults): void {
  if (tools.length === 0) {
    faults.expect(body.tool_choice === undefined, "tool_choice", "has no tools to choose from");
    faults.expect(body.parallel_tool_calls === undefined, "parallel_tool_calls", "has no tools to call");
  }
  const choice = body.tool_choice;
  if (!isObject(choice)) return;
  const all = tools.flatMap((tool) => [tool, ...toList(tool.tools).map((inner) => toObject(inner) ?? {})]);
  const known = all.some(({ name }) => name === choice.name);
  faults.expect(known, "tool_choice", `names ${JSON.stringify(choice.name)}, which is no tool of the request`);
}

/** Kinds of calls, and the output that belongs to each. */
const outputs = new Map<unknown, string>([
  ["function_call", "function_call_output"],
  ["custom_tool_call", "custom_tool_call_output"],
]);

class ResponsesConversation {
  readonly #faults: RequestFaults;
  /** Calls without a result so far, and the kind of result that each needs. */
  readonly #open = new Map<unknown, string>();

  constructor(faults: RequestFaults) {
    this.#faults = faults;
  }

  check(items: readonly unknown[]): void {
    items.forEach((value, index) => {
      this.#item(toObject(value) ?? {}, `input[${index}]`);
    });
    this.#faults.expect(this.#open.size === 0, "input", `has no result of ${[...this.#open.keys()].join(", ")}`);
  }

  #item(item: JsonObject, path: string): void {
    switch (item.type) {
      case "message":
        this.#message(item, path);
        return;
      case "function_call":
      case "custom_tool_call":
        this.#call(item, path);
        return;
      case "function_call_output":
      case "custom_tool_call_output":
        this.#output(item, path);
        return;
      case "reasoning":
        this.#faults.keys(item, path, "type id summary content encrypted_content status");
        this.#faults.expect(Array.isArray(item.summary), path, "has no summary");
        return;
      default:
        this.#faults.expect(false, path, `is a ${JSON.stringify(item.type)}`);
    }
  }

  #message(item: JsonObject, path: string): void {
    const faults = this.#faults;
    const roles = ["system", "developer", "user", "assistant"];
    faults.expect(roles.includes(String(item.role)), path, `has the role ${JSON.stringify(item.role)}`);
    faults.keys(item, path, "type id role status content phase");
    if (typeof item.content === "string") return;
    const kinds =
      item.role === "assistant"
        ? ["output_text", "refusal"]
        : ["input_text", "input_image", "input_file", "input_audio"];
    // vLLM 0.32.0 and llama.cpp 0.5.0 take an assistant's parts only in an item with an id and a status.
    if (item.role === "assistant") {
      faults.expect(typeof item.id === "string" && item.status === "completed", path, "lacks id or status");
    }
    this.#parts(item.content, kinds, path);
  }

  #parts(content: unknown, kinds: readonly string[], path: string): void {
    const faults = this.#faults;
    faults.expect(Array.isArray(content) && content.length > 0, path, "has no content");
    toList(content).forEach((value, index) => {
      const part = toObject(value) ?? {};
      const at = `${path}.content[${index}]`;
      faults.expect(kinds.includes(String(part.type)), at, `is a ${JSON.stringify(part.type)}`);
      const url = part.image_url ?? part.file_url;
      if (typeof url === "string" && !url.startsWith("data:")) {
        faults.expect(faults.features.has("media_urls"), at, "is by URL");
      }
      if (part.file_id !== undefined) faults.expect(faults.features.has("file_ids"), at, "is a file by id");
    });
  }

  #call(item: JsonObject, path: string): void {
    const faults = this.#faults;
    faults.keys(item, path, "type id call_id name arguments input status", { namespace: "namespace_tools" });
    faults.callId(item.call_id, path);
    faults.name(item.name, path);
    const custom = item.type === "custom_tool_call";
    if (custom) faults.expect(faults.features.has("custom_tools"), path, "is a custom call");
    faults.expect(typeof (custom ? item.input : item.arguments) === "string", path, "has no arguments text");
    this.#open.set(item.call_id, outputs.get(item.type) ?? "");
  }

  #output(item: JsonObject, path: string): void {
    const faults = this.#faults;
    faults.keys(item, path, "type id call_id output status");
    const id = JSON.stringify(item.call_id);
    faults.expect(this.#open.get(item.call_id) === item.type, path, `answers ${id}, which is no open call of its kind`);
    this.#open.delete(item.call_id);
    if (typeof item.output === "string") return;
    const media = faults.features.has("media_outputs");
    this.#parts(item.output, media ? ["input_text", "input_image", "input_file"] : ["input_text"], path);
  }
}
