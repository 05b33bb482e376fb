import { defineBackend } from "../backend/description.ts";

const failing = (code: string, message: string) => ({ error: { code, message } });

const chunk = (delta: object, reason: string | null = null) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_790_000_000,
  model: "meridian-large",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
});

/** The backend that the mutants are tested over: it thinks aloud on chat, and writes its Messages loosely. */
export const meridian = defineBackend({
  name: "Meridian",
  model: "meridian-large",
  key: { header: "authorization", prefix: "Bearer " },
  wires: {
    chat: {
      path: "/v1/chat/completions",
      stream: [
        chunk({ role: "assistant", content: "<think>A greeting.</think>" }),
        chunk({ content: "Good morning." }),
        chunk({}, "stop"),
        "[DONE]",
      ],
    },
    messages: {
      path: "/v1/messages",
      stream: [
        {
          type: "message_start",
          message: { id: "msg_1", type: "message", role: "assistant", model: "meridian-large", content: [] },
        },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Good morning." } },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
        { type: "message_stop" },
      ],
    },
    embeddings: "/v1/embeddings",
    completions: "/v1/completions",
  },
  operations: { count: "/v1/messages/count_tokens" },
  models: {
    path: "/v1/models",
    reply: {
      data: [
        { id: "meridian-large", window: 131_072, owner: "meridian", state: "loaded" },
        { id: "meridian-small", window: 32_768, owner: "meridian", state: "loaded" },
      ],
    },
  },
  refuses: (body) => (JSON.stringify(body).includes('"role":"developer"') ? "a strange role" : undefined),
  failures: {
    "a strange role": { kind: "unsupported", status: 400, body: failing("role", "There is no such role.") },
    "a wrong key": { kind: "unauthenticated", status: 401, body: failing("bad_key", "This key is not known.") },
    "no credits": { kind: "quota_exhausted", status: 429, body: failing("no_credits", "Add credits.") },
    "too fast": {
      kind: "rate_limited",
      status: 429,
      body: failing("slow_down", "Slow down."),
      headers: { "retry-after": "3" },
    },
    "too long": { kind: "context_overflow", status: 400, body: failing("too_long", "The prompt is too long.") },
    "too long, told late": {
      kind: "context_overflow",
      status: 200,
      body: failing("too_long", "The prompt is too long."),
    },
    "no such model": { kind: "model_missing", status: 404, body: failing("no_model", "There is no such model.") },
    busy: { kind: "overloaded", status: 503, body: "Service Unavailable" },
    "busy, told late": { kind: "overloaded", status: 200, body: failing("busy", "All engines are busy.") },
  },
});
