import type { WireFeature } from "../pivot/features.ts";
import { isObject, toList, toNumber, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { isBlank, RequestFaults } from "./request-faults.ts";

const plainKeys =
  "model messages system max_tokens tools tool_choice temperature top_p top_k stop_sequences stream thinking metadata " +
  "output_config";

const gatedKeys = {
  service_tier: "service_tier",
  cache_control: "cache_control",
} as const satisfies Readonly<Record<string, WireFeature>>;

/** See `checkRequest`. */
export function checkMessagesRequest(body: JsonObject, features: ReadonlySet<WireFeature>): string[] {
  const faults = new RequestFaults(features);
  faults.keys(body, "body", plainKeys, gatedKeys);
  faults.keys(toObject(body.output_config) ?? {}, "output_config", "", {
    format: "output_format",
    effort: "adaptive_thinking",
  });
  const tools = faults.tools(body.tools, "tools", (tool) => tool.name);
  tools.forEach((tool, index) => {
    checkTool(tool, `tools[${index}]`, faults);
  });
  checkChoice(body, tools, faults);
  checkThinking(body, faults);
  faults.expect(Number.isInteger(body.max_tokens) && Number(body.max_tokens) > 0, "max_tokens", "is no limit");
  if (body.system !== undefined) checkText(body.system, "system", faults);
  new MessagesConversation(faults).check(toList(body.messages));
  faults.number(body, "temperature", 0, 1);
  faults.number(body, "top_p", 0, 1);
  for (const sequence of toList(body.stop_sequences)) {
    faults.expect(!isBlank(sequence), "stop_sequences", "holds a blank one");
  }
  const marks = JSON.stringify(body).split('"cache_control"').length - 1;
  faults.expect(marks <= (features.has("cache_control") ? 4 : 0), "cache_control", `stands ${marks} times`);
  return faults.found;
}

function checkTool(tool: JsonObject, path: string, faults: RequestFaults): void {
  const known = "type name description input_schema strict";
  faults.keys(tool, path, known, {
    cache_control: "cache_control",
    defer_loading: "tool_search",
    eager_input_streaming: "eager_input_streaming",
  });
  faults.name(tool.name, `${path}.name`);
  faults.schema(tool.input_schema, `${path}.input_schema`);
}

function checkChoice(body: JsonObject, tools: readonly JsonObject[], faults: RequestFaults): void {
  const choice = toObject(body.tool_choice);
  if (tools.length === 0) faults.expect(choice === undefined, "tool_choice", "has no tools to choose from");
  if (choice?.type !== "tool") return;
  const known = tools.some(({ name }) => name === choice.name);
  faults.expect(known, "tool_choice", `names ${JSON.stringify(choice.name)}, which is no tool of the request`);
}

/** What Anthropic refuses beside thinking. */
function checkThinking(body: JsonObject, faults: RequestFaults): void {
  const thinking = toObject(body.thinking);
  if (thinking === undefined || thinking.type === "disabled") return;
  if (thinking.type !== "enabled") {
    faults.expect(faults.features.has("adaptive_thinking"), "thinking", `is ${JSON.stringify(thinking.type)}`);
    return;
  }
  const budget = toNumber(thinking.budget_tokens) ?? 0;
  faults.expect(budget >= 1024, "thinking.budget_tokens", `is ${budget}`);
  faults.expect(budget < Number(body.max_tokens), "thinking.budget_tokens", "is not below max_tokens");
  const sampled = body.temperature !== undefined && body.temperature !== 1;
  faults.expect(!sampled && body.top_k === undefined, "temperature", "stands beside thinking");
  const forced = toObject(body.tool_choice)?.type;
  faults.expect(forced !== "any" && forced !== "tool", "tool_choice", "is forced beside thinking");
}

function checkText(content: unknown, path: string, faults: RequestFaults): void {
  if (!Array.isArray(content)) faults.expect(!isBlank(content), path, "is blank");
  else {
    faults.expect(content.length > 0, path, "is empty");
    for (const block of content) faults.expect(isObject(block) && !isBlank(block.text), path, "has a blank text");
  }
}

const kindsOf: Readonly<Record<string, readonly string[]>> = {
  user: ["text", "image", "document", "tool_result"],
  assistant: ["text", "tool_use", "thinking", "redacted_thinking"],
  system: ["text"],
};

class MessagesConversation {
  readonly #faults: RequestFaults;
  /** Calls of the turn before this one. */
  #open: ReadonlySet<unknown> = new Set();

  constructor(faults: RequestFaults) {
    this.#faults = faults;
  }

  check(messages: readonly unknown[]): void {
    const faults = this.#faults;
    const turns = messages.map((message) => toObject(message) ?? {});
    const spoken = turns.filter(({ role }) => role !== "system");
    faults.expect(spoken.length > 0 && spoken[0]?.role === "user", "messages", "does not begin with the user");
    spoken.forEach((turn, index) => {
      const before = spoken[index - 1]?.role;
      faults.expect(before === undefined || before !== turn.role, "messages", `has two turns of ${before} in a row`);
    });
    turns.forEach((turn, index) => {
      this.#turn(turn, `messages[${index}]`);
    });
    faults.expect(this.#open.size === 0, "messages", "ends with an open call");
    const last = turns.at(-1);
    const text = typeof last?.content === "string" ? last.content : toObject(toList(last?.content).at(-1))?.text;
    if (last?.role !== "assistant" || typeof text !== "string") return;
    faults.expect(text === text.trimEnd(), "messages", "ends in white space of the assistant");
  }

  #turn({ role, content }: JsonObject, path: string): void {
    const faults = this.#faults;
    if (role === "system") faults.expect(faults.features.has("system_turns"), path, "is a system turn");
    const kinds = kindsOf[String(role)] ?? [];
    faults.expect(kinds.length > 0, path, `has the role ${JSON.stringify(role)}`);
    if (!Array.isArray(content)) {
      faults.expect(!isBlank(content), path, "is blank");
      faults.expect(this.#open.size === 0, path, "does not answer the calls before it");
      this.#open = new Set();
      return;
    }
    faults.expect(content.length > 0, path, "is empty");
    const blocks = content.map((block) => toObject(block) ?? {});
    blocks.forEach((block, index) => {
      faults.expect(kinds.includes(String(block.type)), `${path}.content[${index}]`, `is a ${String(block.type)}`);
      this.#block(block, `${path}.content[${index}]`);
    });
    if (role === "user") this.#results(blocks, path);
    if (role !== "system") {
      this.#open = new Set(blocks.filter(({ type }) => type === "tool_use").map(({ id }) => id));
    }
  }

  /** The results of all calls of the turn before stand first, each once. */
  #results(blocks: readonly JsonObject[], path: string): void {
    const faults = this.#faults;
    const ids = blocks.filter(({ type }) => type === "tool_result").map((block) => block.tool_use_id);
    const first = blocks.slice(0, ids.length).every(({ type }) => type === "tool_result");
    faults.expect(first, path, "has something before a tool result");
    const right =
      ids.length === this.#open.size && ids.every((id) => this.#open.has(id)) && new Set(ids).size === ids.length;
    faults.expect(right, path, `answers ${ids.join(", ")} after calls of ${[...this.#open].join(", ")}`);
  }

  #block(block: JsonObject, path: string): void {
    const faults = this.#faults;
    switch (block.type) {
      case "text":
        faults.keys(block, path, "type text citations", { cache_control: "cache_control" });
        faults.expect(!isBlank(block.text), path, "is blank");
        return;
      case "tool_use":
        faults.keys(block, path, "type id name input", { cache_control: "cache_control" });
        faults.callId(block.id, path);
        faults.name(block.name, path);
        faults.expect(isObject(block.input), path, "has no input object");
        return;
      case "tool_result":
        faults.keys(block, path, "type tool_use_id content is_error", { cache_control: "cache_control" });
        if (Array.isArray(block.content)) this.#output(block.content, path);
        return;
      case "thinking":
        faults.expect(!isBlank(block.signature), path, "has no signature");
        return;
      case "redacted_thinking":
        faults.expect(!isBlank(block.data), path, "has no data");
        return;
      default:
        this.#source(toObject(block.source) ?? {}, path);
    }
  }

  #output(content: readonly unknown[], path: string): void {
    for (const value of content) {
      const block = toObject(value) ?? {};
      const known = ["text", "image", "document"].includes(String(block.type));
      this.#faults.expect(known, path, `holds a ${String(block.type)}`);
      this.#block(block, path);
    }
  }

  #source(source: JsonObject, path: string): void {
    const faults = this.#faults;
    // Images and documents by URL, and inside results, are a part of this wire: every server of it knows of them.
    if (source.type === "url") faults.expect(!isBlank(source.url), path, "has no address");
    else if (source.type === "file") faults.expect(faults.features.has("file_ids"), path, "is a file by id");
    else {
      const filled = !isBlank(source.data) && !isBlank(source.media_type);
      faults.expect(filled && (source.type === "base64" || source.type === "text"), path, "has no source");
    }
  }
}
