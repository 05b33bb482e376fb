import { defineBackend } from "@headgate/provider-testkit";

const error = (code: string, message: string) => ({ error: { code, message } });

/** What My Backend speaks, and every way in which it fails: write down what you have seen. */
export default defineBackend({
  name: "My Backend",
  model: "my-model",
  key: { header: "authorization", prefix: "Bearer " },
  wires: { chat: "/v1/chat/completions" },
  models: { path: "/v1/models", reply: { data: [{ id: "my-model" }, { id: "my-other-model" }] } },
  failures: {
    "a wrong key": { kind: "unauthenticated", status: 401, body: error("bad_key", "No such key.") },
    "no credits": { kind: "quota_exhausted", status: 402, body: error("no_credits", "Add credits.") },
    "no such model": { kind: "model_missing", status: 404, body: error("no_model", "No such model.") },
    "too long": { kind: "context_overflow", status: 400, body: error("context_length_exceeded", "Too long.") },
    "too long, said late": {
      kind: "context_overflow",
      status: 200,
      body: error("context_length_exceeded", "Too long."),
    },
    "too fast": { kind: "rate_limited", status: 429, body: error("slow_down", "Slow down.") },
    busy: { kind: "overloaded", status: 503, body: "Service Unavailable" },
  },
});
