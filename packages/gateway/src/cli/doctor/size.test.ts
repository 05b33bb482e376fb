import type { ModelFacts } from "@headgate/core";
import { expect, it } from "vitest";
import { sizeOf, weakness } from "./size.ts";

it.each<[string, ModelFacts, string | undefined]>([
  ["a name with both", { id: "llama-3.2-1b-instruct-iq2_xs" }, "1 billion parameters and 2 bits a weight"],
  ["millions", { id: "smollm-360m" }, "0.36 billion parameters"],
  ["a tag", { id: "llama3.2:3b" }, "3 billion parameters"],
  ["bits in words", { id: "qwen3-30b-mlx-3bit" }, "3 bits a weight"],
  ["the number of all experts, not of those that work", { id: "qwen3-30b-a3b@q4_k_m" }, undefined],
  ["seven, which is enough", { id: "mistral-7b-instruct@q4_0" }, undefined],
  ["what the backend counted, above its name", { id: "tiny-1b", parameters: 8_190_000_000 }, undefined],
  ["few bits that the backend counted", { id: "big", parameters: 7e10, bitsPerWeight: 2.6 }, "2.6 bits a weight"],
  ["a little less than seven, which is called seven", { id: "x", parameters: 6_740_000_000 }, undefined],
  ["a name that holds other numbers", { id: "minimax-m2.1-gs32" }, undefined],
  ["a context that is no size", { id: "yarn-128k-v2b1" }, undefined],
  ["nothing", { id: "my-model" }, undefined],
])("a model's weakness is read from %s", (_, facts, expected) => {
  expect(weakness(sizeOf(facts))).toBe(expected);
});
