import type { JsonObject } from "../harness/json.ts";
import { both, type Kept, nothing, type RealClient } from "./client.ts";
import { commandSchema, ephemeral, listed, listing, messagesTool, pathSchema, text } from "./tools.ts";

const betas = [
  "claude-code-20250219",
  "interleaved-thinking-2025-05-14",
  "context-management-2025-06-27",
  "prompt-caching-scope-2026-01-05",
  "advanced-tool-use-2025-11-20",
  "effort-2025-11-24",
];

const headers = {
  "anthropic-version": "2023-06-01",
  "anthropic-beta": betas.join(","),
  "anthropic-dangerous-direct-browser-access": "true",
  "user-agent": "claude-cli/2.1.328 (external, sdk-cli)",
  "x-app": "cli",
  "x-stainless-lang": "js",
  "x-stainless-retry-count": "0",
};

const system = [
  text("x-anthropic-billing-header: cc_version=2.1.328; cc_entrypoint=sdk-cli;"),
  text("You are Claude Code, a coding agent.", ephemeral),
  text("Be careful with files.", { cache_control: { type: "ephemeral", ttl: "1h" } }),
];

const opening: JsonObject = {
  role: "user",
  content: [text("<system-reminder>Mind the plan.</system-reminder>"), text("List the files.", ephemeral)],
};

const common: JsonObject = {
  max_tokens: 32_000,
  stream: true,
  system,
  metadata: { user_id: '{"device_id":"d1","account_uuid":"","session_id":"s1"}' },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  tools: [
    messagesTool("Bash", commandSchema),
    messagesTool("Read", pathSchema),
    messagesTool("WebFetch", pathSchema, { defer_loading: true }),
  ],
};

const answered = (kept: Kept): readonly JsonObject[] => [
  { role: "assistant", content: kept.pieces },
  {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: kept.callId, content: listed, is_error: false, ...ephemeral }],
  },
];

/** A model that it does not know gets a system message amid the conversation, and decides itself how to think. */
const amid: JsonObject = { role: "system", content: "Today is Sunday." };

const unknown: JsonObject = {
  ...common,
  model: "house-model",
  thinking: { type: "adaptive", display: "omitted" },
  output_config: { effort: "high" },
};

/** A model of old gets a budget. */
const known: JsonObject = {
  ...common,
  model: "claude-sonnet-4-5",
  thinking: { type: "enabled", budget_tokens: 31_999 },
};

const shared = {
  wire: "messages",
  query: "?beta=true",
  call: { name: "Bash", input: listing },
  result: listed,
} as const;

export const claudeCode: readonly RealClient[] = [
  {
    ...shared,
    name: "Claude Code, a model it does not know",
    headers: { ...headers, authorization: "Bearer sk-of-headgate" },
    says: ["You are Claude Code", "Be careful with files.", "Mind the plan.", "List the files.", "Today is Sunday."],
    first: { ...unknown, messages: [opening, amid] },
    second: (kept) => ({ ...unknown, messages: [opening, amid, ...answered(kept)] }),
    warnings: {
      chat: both(
        "dropped:context_management",
        "changed:tools[].defer_loading",
        "dropped:messages[].content[].cache_control",
        "dropped:metadata.user_id",
      ),
      responses: both("dropped:context_management", "dropped:messages[].content[].cache_control"),
      messages: both("changed:messages[].system", "changed:thinking", "dropped:output_config.effort"),
      newest: nothing,
    },
  },
  {
    ...shared,
    name: "Claude Code, Sonnet 4.5",
    headers: { ...headers, "x-api-key": "sk-of-headgate" },
    says: ["You are Claude Code", "Be careful with files.", "Mind the plan.", "List the files."],
    first: { ...known, messages: [opening] },
    second: (kept) => ({ ...known, messages: [opening, ...answered(kept)] }),
    warnings: {
      chat: both(
        "dropped:context_management",
        "changed:tools[].defer_loading",
        "dropped:messages[].content[].cache_control",
        "estimated:thinking",
        "dropped:metadata.user_id",
      ),
      responses: both("dropped:context_management", "dropped:messages[].content[].cache_control", "estimated:thinking"),
      messages: nothing,
      newest: both("dropped:thinking.budget_tokens"),
    },
  },
];
