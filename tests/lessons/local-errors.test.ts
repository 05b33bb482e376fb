import { type Fault, faults, type SimulatorKind } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import { forms, hear, spare, spareWords, startWithReserve } from "../harness/reserve.ts";
import { createVirtualClock } from "../harness/virtual-clock.ts";

/** What a server said, what its users suffered where it was misread, and what is made of it here. */
interface Misread {
  readonly symptom: string;
  readonly kind: SimulatorKind;
  readonly fault: Fault;
  /** How the attempts at that server end; the one in reserve answers. */
  readonly outcomes: string;
}

const says = (status: number, message: string, more: object = {}): Fault => ({
  kind: "status",
  status,
  body: { error: { message, ...more } },
});
const plain = (status: number, error: string): Fault => ({ kind: "status", status, body: { error } });

const models: Readonly<Partial<Record<SimulatorKind, string>>> = {
  lmstudio: "minimax-m2.1-gs32",
  "openai-compatible": "my-local-model",
  vllm: "my-model",
  litellm: "my-alias",
};
const twice = (outcome: string): string => `${outcome} ${outcome}`;

const misread: readonly Misread[] = [
  {
    symptom: "LM Studio's model is not loaded, and the user gets that error",
    kind: "lmstudio",
    fault: faults.lmstudio.notLoaded(),
    outcomes: twice("model_cold"),
  },
  {
    symptom: "LM Studio unloads its model under a request, and the user gets that error",
    kind: "lmstudio",
    fault: plain(400, "Model unloaded."),
    outcomes: twice("model_cold"),
  },
  {
    symptom: "LM Studio has no memory for the model, and the request is called malformed",
    kind: "lmstudio",
    fault: faults.lmstudio.loadFailed(),
    outcomes: twice("overloaded"),
  },
  {
    symptom: "LM Studio has no models loaded",
    kind: "lmstudio",
    fault: faults.lmstudio.noModelsLoaded(),
    outcomes: "model_missing",
  },
  {
    symptom: "LM Studio's older words for an overflow are not seen as one",
    kind: "lmstudio",
    fault: plain(
      400,
      "Trying to keep the first 6269 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.",
    ),
    outcomes: "context_overflow",
  },
  {
    symptom: "LM Studio's newer words for an overflow are not seen as one",
    kind: "lmstudio",
    fault: faults.lmstudio.contextOverflow(),
    outcomes: "context_overflow",
  },
  {
    symptom: "llama.cpp cannot make a grammar of a tool's schema, and nobody else is asked",
    kind: "openai-compatible",
    fault: says(400, "failed to parse grammar", { type: "invalid_request_error", code: 400 }),
    outcomes: "unsupported",
  },
  {
    symptom: "vLLM runs without its tool parser, and nobody else is asked",
    kind: "vllm",
    fault: faults.vllm.toolsOff(),
    outcomes: "unsupported",
  },
  {
    symptom: "LiteLLM's budget is spent, and the request is called malformed",
    kind: "litellm",
    fault: says(400, "Budget has been exceeded! Current cost: 2, Max budget: 1", {
      type: "budget_exceeded",
      code: "400",
    }),
    outcomes: "quota_exhausted",
  },
  {
    symptom: "LiteLLM's budget is spent, and the key is asked to slow down",
    kind: "litellm",
    fault: says(429, "ExceededBudget: User over budget", { type: "None", code: "429" }),
    outcomes: "quota_exhausted",
  },
  {
    symptom: "LiteLLM has no deployment for five seconds, and those are waited out",
    kind: "litellm",
    fault: faults.litellm.cooldown({ seconds: 5 }),
    outcomes: "overloaded",
  },
  {
    symptom: "a proxy finds the request too large for itself, and nobody else is asked",
    kind: "openai-compatible",
    fault: { kind: "status", status: 413, body: "Request too large" },
    outcomes: "unsupported",
  },
  {
    symptom: "a GPU is out of memory, and is asked eight times",
    kind: "openai-compatible",
    fault: says(500, "CUDA out of memory. Tried to allocate 2.00 GiB", { type: "InternalServerError", code: 500 }),
    outcomes: twice("bad_answer"),
  },
  {
    symptom: "a template of a prompt fails, and is tried eight times",
    kind: "openai-compatible",
    fault: says(500, "Error rendering prompt with jinja template: Cannot call something that is not a function"),
    outcomes: twice("bad_answer"),
  },
];

describe.each(misread)("$symptom", ({ kind, fault, outcomes }) => {
  it.each(forms)("does not happen: the next candidate answers, and no time passes, %s", async (_, stream) => {
    const key = "sk-of-the-row";
    const ref = `${kind}/${models[kind]}` as const;
    // Time stands still: whoever waits for it, waits for good.
    const stack = await startWithReserve(ref, { kind, key }, { row: { apiKey: key }, clock: createVirtualClock() });
    stack[kind].fail(fault);
    const attempts = [...outcomes.split(" ").map((outcome) => `${ref}:${outcome}`), `${spare}:ok`].join(",");
    expect(await hear(stack.gateway, "chat", stream)).toEqual({ text: spareWords, attempts });
    expect(stack[kind].requests.filter(({ wire }) => wire !== undefined)).toHaveLength(outcomes.split(" ").length);
  });
});
