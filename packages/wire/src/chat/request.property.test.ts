import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wireFeatures } from "../pivot/features.ts";
import type { PivotItem, PivotPart, PivotRequest, PivotTool } from "../pivot/types.ts";
import { checkChatRequest } from "../testing/chat-request-grammar.ts";
import { user, write } from "./testing.ts";

const words = fc.string({ unit: "grapheme", maxLength: 8 });
const names = fc.oneof(fc.constantFrom("f", "g", "a.b"), fc.string({ unit: "grapheme", maxLength: 80 }));
const cache = fc.option(fc.constant({ type: "ephemeral" }), { nil: undefined });

/** Leaves out what is `undefined`, as every reader does. */
const plain = <Shape extends object>(arbitrary: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> =>
  arbitrary.map(
    (shape) => Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape,
  );

const sources = fc.oneof(
  fc.record({
    kind: fc.constant("base64" as const),
    mediaType: fc.constantFrom("image/png", "text/plain"),
    data: fc.constant("YQ=="),
  }),
  fc.record({ kind: fc.constant("url" as const), url: fc.webUrl() }),
  fc.record({ kind: fc.constant("id" as const), id: fc.constant("file-1") }),
  fc.record({ kind: fc.constant("text" as const), text: words }),
);
const parts: fc.Arbitrary<PivotPart> = fc.oneof(
  plain(fc.record({ type: fc.constant("text" as const), text: words, cache })) as fc.Arbitrary<PivotPart>,
  fc.record({ type: fc.constant("refusal" as const), text: words }),
  plain(
    fc.record({ type: fc.constantFrom("image" as const, "file" as const), source: sources, cache }),
  ) as fc.Arbitrary<PivotPart>,
  fc.record({ type: fc.constant("audio" as const), data: fc.constant("YQ=="), format: fc.constant("wav") }),
);
const someParts = fc.array(parts, { maxLength: 3 });
const ids = fc.constantFrom("c", "call.1", "call_1", "", "x".repeat(90));

const items: fc.Arbitrary<PivotItem> = fc.oneof(
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constantFrom("system" as const, "developer" as const, "user" as const, "assistant" as const),
    parts: someParts,
  }),
  fc.record({ type: fc.constant("function_call" as const), callId: ids, name: names, arguments: words }),
  fc.record({ type: fc.constant("custom_call" as const), callId: ids, name: names, input: words }),
  fc.record({
    type: fc.constant("function_call_output" as const),
    callId: ids,
    parts: someParts,
    isError: fc.boolean(),
  }),
  fc.record({ type: fc.constant("reasoning" as const), text: words, summary: fc.array(words, { maxLength: 2 }) }),
);
const tools: fc.Arbitrary<PivotTool> = plain(
  fc.record({
    type: fc.constantFrom("function" as const, "custom" as const),
    name: names,
    namespace: fc.option(fc.constantFrom("n", "m"), { nil: undefined }),
    deferLoading: fc.option(fc.constant(true), { nil: undefined }),
    cache,
  }),
) as fc.Arbitrary<PivotTool>;

const requests = plain(
  fc.record({
    // A conversation of nothing is the client's own mistake.
    items: fc.array(items, { maxLength: 8 }).map((all) => [...all, user({ type: "text", text: "Hi" })]),
    tools: fc.array(tools, { maxLength: 4 }),
    toolChoice: fc.option(fc.oneof(fc.constantFrom("auto", "none", "required"), fc.record({ name: names })), {
      nil: undefined,
    }),
    parallelToolCalls: fc.option(fc.boolean(), { nil: undefined }),
    reasoning: fc.option(
      fc.oneof(
        fc.record({ effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh", "max") }),
        fc.record({ budgetTokens: fc.nat(100_000), mode: fc.constantFrom("enabled", "adaptive", "disabled") }),
      ),
      { nil: undefined },
    ),
    verbosity: fc.option(words, { nil: undefined }),
    serviceTier: fc.option(fc.constantFrom("auto", "flex", "odd"), { nil: undefined }),
    user: fc.option(words, { nil: undefined }),
    metadata: fc.option(fc.dictionary(words, fc.anything({ maxDepth: 1 })), { nil: undefined }),
  }),
) as fc.Arbitrary<Partial<PivotRequest>>;

describe("any request", () => {
  test("is one that a strict chat server takes, whatever its features", () => {
    fc.assert(
      fc.property(requests, fc.subarray([...wireFeatures]), (request, features) => {
        const { body } = write(request, features);
        expect(checkChatRequest(body, new Set(features))).toEqual([]);
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
      }),
      { numRuns: 500 },
    );
  });
});
