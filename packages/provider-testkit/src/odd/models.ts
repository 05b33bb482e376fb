import type { ModelFacts } from "@headgate/core";

/** Models as users and backends name them, without anything that a plugin would have found out of them. */
export const oddModels: readonly ModelFacts[] = [
  { id: "m" },
  { id: "vendor/Some-Model:free@q4_k_m" },
  { id: "a/b/c/d" },
  { id: "modèle-ünïcode-世界" },
  { id: "with blank and ? and # and %2e%2e" },
  { id: "@evil.example/x" },
  { id: "//evil.example/x" },
  { id: "../../admin" },
  { id: "constructor" },
  { id: "__proto__" },
  { id: "x".repeat(2000) },
  {
    id: "m",
    input: [],
    wires: [],
    contextWindow: 1,
    maxTokens: 1,
    tools: false,
    reasoning: false,
    state: "not-loaded",
  },
];
