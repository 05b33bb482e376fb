import type { JsonObject } from "../harness/json.ts";
import { both, type Kept, nothing, type RealClient } from "./client.ts";
import { commandSchema, inputText, listed, listing, pathSchema, responsesTool } from "./tools.ts";

const headers = {
  authorization: "Bearer sk-of-headgate",
  originator: "codex_exec",
  "user-agent": "codex_exec/0.169.0 (Debian 13.0.0; x86_64) dumb",
  "x-codex-turn-metadata": JSON.stringify({ session_id: "s1", workspace: "w".repeat(900) }),
};

const item = (role: string, id: string, words: string): JsonObject => ({
  type: "message",
  id,
  role,
  content: [inputText(words)],
});

const conversation = [
  item("developer", "msg_0001", "You are Codex, a coding agent."),
  item("user", "msg_0002", "<environment_context>Linux</environment_context>"),
  item("user", "msg_0003", "List the files."),
];

const says = ["You are Codex", "<environment_context>", "List the files."];

const common: JsonObject = {
  stream: true,
  store: false,
  include: ["reasoning.encrypted_content"],
  reasoning: { summary: "auto" },
  prompt_cache_key: "0199-cache",
  client_metadata: { installation_id: "i1" },
  tool_choice: "auto",
  parallel_tool_calls: true,
};

const shell = responsesTool("exec_command", commandSchema, { strict: false });

const files: JsonObject = {
  type: "namespace",
  name: "mcp__files",
  description: "Files of the project.",
  tools: [responsesTool("list_directory", pathSchema, { strict: false }), shell],
};

const grammar: JsonObject = {
  type: "grammar",
  syntax: "lark",
  definition: 'start: begin_patch hunk+ end_patch\nbegin_patch: "*** Begin Patch" LF\nend_patch: "*** End Patch" LF?',
};

const custom = (name: string): JsonObject => ({ type: "custom", name, description: `Runs ${name}.`, format: grammar });

const search: JsonObject = {
  type: "tool_search",
  execution: "client",
  description: "Searches for tools.",
  parameters: pathSchema,
};

const patch =
  '*** Begin Patch\n*** Update File: a.ts\n-const a = "old\\n";\n+const a = "new\\t\u00fc";\n*** End Patch\n';

/** Every item of the answer with its id, and the output with one of the client's own. */
const resumed = (body: JsonObject, before: readonly JsonObject[], kept: Kept, output: JsonObject): JsonObject => ({
  ...body,
  input: [...before, ...kept.pieces, { ...output, call_id: kept.callId, id: "fco_0004" }],
});

const plain: JsonObject = { ...common, model: "house-model", tools: [shell, files] };
const patching: JsonObject = { ...common, model: "gpt-5.5", tools: [shell, custom("apply_patch"), files, search] };

/** The tools stand among the items; there is no key for them. */
const inItems: JsonObject = { ...common, model: "gpt-6-astra" };
const withTools = [
  { type: "additional_tools", role: "developer", id: "at_0000", tools: [custom("exec"), shell, files] },
  ...conversation,
];

export const codex: readonly RealClient[] = [
  {
    name: "Codex, tools in groups",
    wire: "responses",
    headers,
    says,
    call: { name: "list_directory", namespace: "mcp__files", input: { path: "." } },
    result: listed,
    first: { ...plain, input: conversation },
    second: (kept) => resumed(plain, conversation, kept, { type: "function_call_output", output: listed }),
    warnings: {
      chat: both("dropped:prompt_cache_key", "estimated:tools[].description"),
      responses: nothing,
      messages: both("estimated:prompt_cache_key", "estimated:tools[].description"),
      newest: both("estimated:prompt_cache_key", "estimated:tools[].description"),
    },
  },
  {
    name: "Codex, a function beside groups",
    wire: "responses",
    headers,
    says,
    call: { name: "exec_command", input: listing },
    result: listed,
    first: { ...plain, input: conversation },
    second: (kept) => resumed(plain, conversation, kept, { type: "function_call_output", output: listed }),
    warnings: {
      chat: both("dropped:prompt_cache_key", "estimated:tools[].description"),
      responses: nothing,
      messages: both("estimated:prompt_cache_key", "estimated:tools[].description"),
      newest: both("estimated:prompt_cache_key", "estimated:tools[].description"),
    },
  },
  {
    name: "Codex, patches as text",
    wire: "responses",
    headers,
    says,
    call: { name: "apply_patch", input: patch },
    result: "Done!",
    first: { ...patching, input: conversation },
    second: (kept) => resumed(patching, conversation, kept, { type: "custom_tool_call_output", output: "Done!" }),
    warnings: {
      chat: both(
        "dropped:tools[].tool_search",
        "changed:tools[].custom",
        "dropped:prompt_cache_key",
        "estimated:tools[].description",
      ),
      responses: nothing,
      messages: both(
        "dropped:tools[].tool_search",
        "changed:tools[].custom",
        "estimated:prompt_cache_key",
        "estimated:tools[].description",
      ),
      newest: both(
        "dropped:tools[].tool_search",
        "changed:tools[].custom",
        "estimated:prompt_cache_key",
        "estimated:tools[].description",
      ),
    },
  },
  {
    name: "Codex, tools among the items",
    wire: "responses",
    headers,
    says,
    call: { name: "exec", input: "text(await tools.exec_command({cmd: 'ls'}))" },
    result: listed,
    first: { ...inItems, input: withTools },
    second: (kept) =>
      resumed(inItems, withTools, kept, {
        type: "custom_tool_call_output",
        output: [inputText("Script completed"), inputText(listed)],
      }),
    warnings: {
      chat: both("changed:tools[].custom", "dropped:prompt_cache_key", "estimated:tools[].description"),
      responses: nothing,
      messages: both("changed:tools[].custom", "estimated:prompt_cache_key", "estimated:tools[].description"),
      newest: both("changed:tools[].custom", "estimated:prompt_cache_key", "estimated:tools[].description"),
    },
  },
];
