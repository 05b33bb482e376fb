import type { Lesson, TestName } from "../lesson.ts";

const misread = (symptom: string, ...more: readonly TestName[]): Lesson => ({
  symptom,
  tests: [`tests/lessons/local-errors.test.ts > ${symptom}`, ...more],
});

/** Errors of local servers and proxies that a gateway took for something else. */
export const errors: readonly Lesson[] = [
  misread("LM Studio's model is not loaded, and the user gets that error"),
  misread("LM Studio unloads its model under a request, and the user gets that error"),
  misread("LM Studio has no memory for the model, and the request is called malformed"),
  misread("LM Studio has no models loaded"),
  misread("LM Studio's older words for an overflow are not seen as one"),
  misread(
    "LM Studio's newer words for an overflow are not seen as one",
    "tests/repeats.test.ts > ends there when no window is larger, in the words that agents compact on",
  ),
  {
    symptom: "llama.cpp still loads its model, and a load that takes minutes loses the request",
    tests: [
      "tests/loading-models.test.ts > is waited for, and then asked (%s)",
      "tests/loading-models.test.ts > is waited for by all with the same looks, and under the load clock",
    ],
  },
  misread("llama.cpp cannot make a grammar of a tool's schema, and nobody else is asked"),
  misread(
    "vLLM runs without its tool parser, and nobody else is asked",
    "tests/vllm.test.ts > names the two flags to a client that nobody else can help",
  ),
  {
    symptom: "a limit of the answer that is too large is taken for an overflow, and the session is compacted",
    tests: ["tests/vllm.test.ts > is asked once more with a limit that fits, %s"],
  },
  misread("LiteLLM's budget is spent, and the request is called malformed"),
  misread("LiteLLM's budget is spent, and the key is asked to slow down"),
  misread("LiteLLM has no deployment for five seconds, and those are waited out"),
  {
    symptom: "no endpoint meets a data policy, and the next provider, which nobody pinned, gets the prompt",
    tests: [
      "tests/region.test.ts > binds who is asked next: %s",
      "tests/region.test.ts > leaves nobody where all others are outside: %s",
    ],
  },
  {
    symptom: "moderation refuses one prompt, and a healthy key is left alone for it",
    tests: [
      "tests/openrouter.test.ts > moderation says nothing against the key: the next request is asked for as usual",
    ],
  },
  misread("a proxy finds the request too large for itself, and nobody else is asked"),
  misread("a GPU is out of memory, and is asked eight times"),
  misread("a template of a prompt fails, and is tried eight times"),
];
