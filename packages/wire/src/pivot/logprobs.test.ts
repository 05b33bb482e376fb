import { expect, test } from "vitest";
import { readLogprobs } from "./logprobs.ts";

const token = { token: "Hi", logprob: -0.5, bytes: [72, 105], top_logprobs: [] };

test("log probabilities are those entries that a client can read", () => {
  const odd = [null, "Hi", { token: 1, logprob: -0.5 }, { token: "Hi" }, { token: "Hi", logprob: -Infinity }];
  expect(readLogprobs([...odd, token, token])).toEqual([token, token]);
});

test.each([undefined, null, {}, [], [null]])("%j holds no log probabilities", (value) => {
  expect(readLogprobs(value)).toBeUndefined();
});
