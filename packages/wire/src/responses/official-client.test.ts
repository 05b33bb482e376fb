import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { wrapSeal } from "../pivot/seal.ts";
import type { AnswerEvent, Seal } from "../pivot/types.ts";
import { context, writeStream } from "../testing/exchange.ts";
import { writeResponsesAnswer } from "./answer.ts";

const seal: Seal = { wire: "messages", kind: "signature", value: "sig", provider: "anthropic" };
const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "q" } };
const answer: AnswerEvent[] = [
  { type: "start" },
  { type: "item.start", index: 0, item: { type: "reasoning" } },
  { type: "reasoning.delta", index: 0, delta: "Hm" },
  { type: "summary.delta", index: 0, part: 0, delta: "A" },
  { type: "summary.delta", index: 0, part: 1, delta: "B" },
  { type: "seal", index: 0, seal },
  { type: "item.end", index: 0 },
  { type: "item.start", index: 1, item: { type: "opaque", wire: "responses", id: "ws_1", value: search } },
  { type: "item.end", index: 1 },
  { type: "item.start", index: 2, item: { type: "message", phase: "commentary" } },
  { type: "text.delta", index: 2, delta: "Look: " },
  { type: "text.delta", index: 2, delta: "here." },
  { type: "annotation", index: 2, annotation: { type: "url_citation", url: "u", title: "T" } },
  { type: "item.end", index: 2 },
  { type: "item.start", index: 3, item: { type: "custom_call", callId: "c1", name: "patch" } },
  { type: "arguments.delta", index: 3, delta: "*** " },
  { type: "arguments.delta", index: 3, delta: "End" },
  { type: "item.end", index: 3 },
  { type: "item.start", index: 4, item: { type: "function_call", callId: "c2", name: "f", namespace: "mcp" } },
  { type: "arguments.delta", index: 4, delta: "{}" },
  { type: "item.end", index: 4 },
  { type: "finish", reason: "tool_calls" },
];
const output = [
  {
    type: "reasoning",
    summary: [{ text: "A" }, { text: "B" }],
    content: [{ text: "Hm" }],
    encrypted_content: wrapSeal(seal),
  },
  search,
  {
    type: "message",
    phase: "commentary",
    content: [{ text: "Look: here.", annotations: [{ url: "u", start_index: 11, end_index: 11 }] }],
  },
  { type: "custom_tool_call", call_id: "c1", name: "patch", input: "*** End" },
  { type: "function_call", call_id: "c2", name: "f", namespace: "mcp", arguments: "{}" },
];

const client = (reply: () => Response): OpenAI =>
  new OpenAI({ apiKey: "test", baseURL: "http://127.0.0.1:9/v1", maxRetries: 0, fetch: async () => reply() });
const headers = { "content-type": "text/event-stream" };

describe("the official client", () => {
  test("reads a whole answer of everything", async () => {
    const asked = client(() => Response.json(writeResponsesAnswer(answer, context())));
    const response = await asked.responses.create({ model: "m", input: "hi" });
    expect(response).toMatchObject({ status: "completed", output_text: "Look: here.", output });
  });

  test("folds its stream into the same", async () => {
    const asked = client(() => new Response(writeStream("responses", answer), { headers }));
    const stream = asked.responses.stream({ model: "m", input: "hi" });
    const said: string[] = [];
    stream.on("response.output_text.delta", ({ delta }) => said.push(delta));
    expect(await stream.finalResponse()).toMatchObject({ status: "completed", output });
    expect(said).toEqual(["Look: ", "here."]);
  });
});
