import type { WireFeature } from "../pivot/features.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { RequestFaults } from "./request-faults.ts";

const plainKeys =
  "model messages tools tool_choice parallel_tool_calls max_tokens temperature top_p seed frequency_penalty " +
  "presence_penalty logit_bias logprobs top_logprobs stop reasoning_effort response_format stream stream_options user";

const gatedKeys = {
  top_k: "top_k",
  verbosity: "verbosity",
  service_tier: "service_tier",
  prompt_cache_key: "prompt_cache",
  prompt_cache_retention: "prompt_cache",
  metadata: "metadata",
  safety_identifier: "metadata",
} as const satisfies Readonly<Record<string, WireFeature>>;

/** See `checkRequest`. */
export function checkChatRequest(body: JsonObject, features: ReadonlySet<WireFeature>): string[] {
  const faults = new RequestFaults(features);
  faults.keys(body, "body", plainKeys, gatedKeys);
  const tools = faults.tools(body.tools, "tools", (tool) => toObject(tool.function ?? tool.custom)?.name);
  tools.forEach((tool, index) => {
    checkTool(tool, `tools[${index}]`, faults);
  });
  checkChoice(body, tools, faults);
  faults.expect(Array.isArray(body.messages) && body.messages.length > 0, "messages", "is empty");
  new ChatConversation(faults).check(toList(body.messages));
  faults.number(body, "max_tokens", 1, Number.MAX_SAFE_INTEGER);
  const efforts = features.has("all_efforts") ? "none minimal low medium high xhigh max" : "low medium high";
  if (body.reasoning_effort !== undefined) {
    faults.expect(efforts.split(" ").includes(String(body.reasoning_effort)), "reasoning_effort", "is unknown");
  }
  return faults.found;
}

function checkTool(tool: JsonObject, path: string, faults: RequestFaults): void {
  if (tool.type === "custom") {
    faults.expect(faults.features.has("custom_tools"), path, "is a custom tool");
    faults.name(toObject(tool.custom)?.name, `${path}.custom.name`);
    return;
  }
  faults.expect(tool.type === "function", path, `is of type ${JSON.stringify(tool.type)}`);
  faults.keys(tool, path, "type function", { cache_control: "cache_control" });
  const details = toObject(tool.function) ?? {};
  faults.keys(details, `${path}.function`, "name description parameters strict", {
    defer_loading: "tool_search",
    eager_input_streaming: "eager_input_streaming",
  });
  faults.name(details.name, `${path}.function.name`);
  faults.schema(details.parameters, `${path}.function.parameters`);
}

function checkChoice(body: JsonObject, tools: readonly JsonObject[], faults: RequestFaults): void {
  if (tools.length === 0) {
    faults.expect(body.tool_choice === undefined, "tool_choice", "has no tools to choose from");
    faults.expect(body.parallel_tool_calls === undefined, "parallel_tool_calls", "has no tools to call");
  }
  const choice = body.tool_choice;
  if (!isObject(choice)) return;
  const name = toObject(choice.function ?? choice.custom)?.name;
  const known = tools.some((tool) => toObject(tool.function ?? tool.custom)?.name === name);
  faults.expect(known, "tool_choice", `names ${JSON.stringify(name)}, which is no tool of the request`);
}

class ChatConversation {
  readonly #faults: RequestFaults;
  /** Calls of the last assistant message that have no result yet. */
  readonly #open = new Set<unknown>();

  constructor(faults: RequestFaults) {
    this.#faults = faults;
  }

  check(messages: readonly unknown[]): void {
    messages.forEach((value, index) => {
      const message = toObject(value) ?? {};
      const path = `messages[${index}]`;
      if (message.role === "tool") this.#result(message, path);
      else {
        this.#close(path);
        this.#message(message, path);
      }
    });
    this.#close("messages");
  }

  /** Every call is answered before anything else is said. */
  #close(path: string): void {
    this.#faults.expect(this.#open.size === 0, path, `comes before the result of ${[...this.#open].join(", ")}`);
    this.#open.clear();
  }

  #message(message: JsonObject, path: string): void {
    const faults = this.#faults;
    const roles = ["system", "user", "assistant", ...(faults.features.has("developer_role") ? ["developer"] : [])];
    faults.expect(roles.includes(String(message.role)), path, `has the role ${JSON.stringify(message.role)}`);
    if (message.role === "assistant") this.#assistant(message, path);
    else {
      faults.keys(message, path, "role content name");
      this.#content(message.content, path);
    }
  }

  #assistant(message: JsonObject, path: string): void {
    const faults = this.#faults;
    faults.keys(message, path, "role content refusal tool_calls name", {
      reasoning_content: "reasoning_input",
      reasoning: "reasoning_input",
      reasoning_details: "reasoning_input",
      annotations: "reasoning_input",
    });
    const calls = toList(message.tool_calls);
    if (message.tool_calls !== undefined) faults.expect(calls.length > 0, path, "has an empty list of calls");
    const silent = message.content === null || message.content === undefined;
    if (silent) faults.expect(calls.length > 0 || message.refusal !== undefined, path, "says nothing");
    else this.#content(message.content, path);
    calls.forEach((value, index) => {
      const call = toObject(value) ?? {};
      const at = `${path}.tool_calls[${index}]`;
      faults.callId(call.id, at);
      this.#open.add(call.id);
      const custom = toObject(call.custom);
      const details = custom ?? toObject(call.function) ?? {};
      faults.expect(call.type === (custom === undefined ? "function" : "custom"), at, "has another type");
      if (custom !== undefined) faults.expect(faults.features.has("custom_tools"), at, "is a custom call");
      faults.name(details.name, at);
      faults.expect(typeof (details.arguments ?? details.input) === "string", at, "has no arguments text");
    });
  }

  #result(message: JsonObject, path: string): void {
    this.#faults.keys(message, path, "role content tool_call_id");
    const known = this.#open.delete(message.tool_call_id);
    this.#faults.expect(known, path, `answers ${JSON.stringify(message.tool_call_id)}, which is no open call`);
    const texts = toList(message.content).every((part) => toObject(part)?.type === "text");
    this.#faults.expect(texts, path, "holds more than text");
    this.#content(message.content, path);
  }

  #content(content: unknown, path: string): void {
    if (typeof content === "string") return;
    this.#faults.expect(Array.isArray(content) && content.length > 0, path, "has no content");
    toList(content).forEach((value, index) => {
      this.#part(toObject(value) ?? {}, `${path}.content[${index}]`);
    });
  }

  #part(part: JsonObject, path: string): void {
    const faults = this.#faults;
    const kinds = ["text", "image_url", "file", "input_audio", "refusal"];
    faults.expect(kinds.includes(String(part.type)), path, `is a ${JSON.stringify(part.type)}`);
    faults.keys(part, path, "type text image_url file input_audio refusal", { cache_control: "cache_control" });
    if (part.type === "text") faults.expect(typeof part.text === "string", path, "has no text");
    const url = toObject(part.image_url)?.url;
    if (part.type === "image_url" && !faults.features.has("media_urls")) {
      faults.expect(String(url).startsWith("data:"), path, "is an image by URL");
    }
    const file = toObject(part.file) ?? {};
    if (part.type !== "file") return;
    if (file.file_id !== undefined) faults.expect(faults.features.has("file_ids"), path, "is a file by id");
    else faults.expect(String(file.file_data).startsWith("data:"), path, "has no file_data");
  }
}
