import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { frames, toSseEvents } from "../testing/exchange.ts";
import { checkChatStream } from "./grammar.ts";

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 7, model: "m" };
const chunk = (delta: JsonObject, finish: string | null = null, logprobs: unknown = null): JsonObject => ({
  ...head,
  choices: [{ index: 0, delta, logprobs, finish_reason: finish }],
});
const check = (finish: string, ...chunks: readonly JsonObject[]): string =>
  checkChatStream(toSseEvents(frames(chunk({ role: "assistant" }), ...chunks, chunk({}, finish), "[DONE]"))).join("\n");

const custom = { index: 0, id: "c", type: "custom", custom: { name: "patch", input: "" } };
const citation = { type: "url_citation", url_citation: { url: "u", title: "", start_index: 0, end_index: 1 } };
const score = { token: "a", logprob: -1, bytes: null, top_logprobs: [] };

const good: readonly [name: string, finish: string, chunks: JsonObject[]][] = [
  [
    "a custom call",
    "tool_calls",
    [chunk({ tool_calls: [custom] }), chunk({ tool_calls: [{ index: 0, custom: { input: "a" } }] })],
  ],
  [
    "a call of old",
    "function_call",
    [chunk({ function_call: { name: "f", arguments: "" } }), chunk({ function_call: { arguments: "{}" } })],
  ],
  ["annotations", "stop", [chunk({ content: "a" }), chunk({ annotations: [citation, { type: "file" }] })]],
  ["log probabilities", "stop", [chunk({ content: "a" }, null, { content: [score], refusal: null })]],
  ["no text, and says so as OpenAI does", "stop", [chunk({ content: null, refusal: null })]],
  ["sealed reasoning", "stop", [chunk({ reasoning_content: "a" }), chunk({ reasoning_details: [{ type: "x" }] })]],
];

const bad: readonly [name: string, chunks: JsonObject[], violation: RegExp][] = [
  [
    "a custom call that starts without name",
    [chunk({ tool_calls: [{ ...custom, custom: { input: "" } }] })],
    /without id, type or name/,
  ],
  [
    "a custom call said to be a function",
    [chunk({ tool_calls: [{ ...custom, type: "function" }] })],
    /without id, type or name/,
  ],
  [
    "a custom call without input",
    [chunk({ tool_calls: [{ ...custom, custom: { name: "patch" } }] })],
    /no arguments text/,
  ],
  ["a call of old without name", [chunk({ function_call: { arguments: "" } })], /starts without name/],
  ["a call of old without arguments", [chunk({ function_call: { name: "f" } })], /no arguments text/],
  ["no annotations", [chunk({ annotations: [] })], /annotations is no list/],
  [
    "a citation without place",
    [chunk({ annotations: [{ ...citation, url_citation: { url: "u", title: "" } }] })],
    /annotations is no list/,
  ],
  ["no log probabilities", [chunk({ content: "a" }, null, { content: [], refusal: null })], /logprobs is neither/],
  ["log probabilities of no form", [chunk({ content: "a" }, null, "odd")], /logprobs is neither/],
  ["details of no type", [chunk({ reasoning_details: [{}] })], /reasoning_details is no list/],
  ["content that is no text", [chunk({ content: ["a"] })], /content is no text/],
  ["reasoning that is none", [chunk({ reasoning_content: null })], /reasoning_content is no text/],
];

describe("the grammar of a chat stream", () => {
  test.each(good)("has %s", (_name, finish, chunks) => {
    expect(check(finish, ...chunks)).toBe("");
  });

  test.each(bad)("has not %s", (_name, chunks, violation) => {
    expect(check("length", ...chunks)).toMatch(violation);
  });
});
