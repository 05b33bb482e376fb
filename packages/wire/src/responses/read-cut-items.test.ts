import { expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { context } from "../testing/exchange.ts";

const message = (id: string, text: string, status: string) => ({
  type: "message",
  id,
  role: "assistant",
  status,
  content: [{ type: "output_text", text, annotations: [] }],
});

const call = (id: string, args: string, status: string) => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: id,
  name: "f",
  arguments: args,
  status,
});

const thought = (id: string, text: string, status: string) => ({
  type: "reasoning",
  id,
  status,
  summary: [],
  content: [{ type: "reasoning_text", text }],
});

const read = (...output: object[]) =>
  codecs.responses.readAnswer({
    id: "resp_1",
    object: "response",
    model: "m",
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output,
  });

test("a message that was cut off is open when the answer ends", () => {
  const types = read(message("a", "Once", "incomplete")).map(({ type }) => type);
  expect(types).toContain("text.delta");
  expect(types).not.toContain("item.end");
  expect(types.at(-1)).toBe("finish");
});

test("a message after one that was cut off is another", () => {
  const events = read(message("a", "Once", "incomplete"), message("b", "Twice", "completed"));
  const said = events.flatMap((event) => (event.type === "text.delta" ? [[event.index, event.delta]] : []));
  expect(said).toEqual([
    [0, "Once"],
    [1, "Twice"],
  ]);
});

test.each([
  ["a call", call("a", "{}", "completed"), call("b", '{"path":"a.t', "incomplete")],
  ["a thought", message("a", "Once", "completed"), thought("b", "Let me", "incomplete")],
  ["the second of two thoughts", thought("a", "Once", "completed"), thought("b", "Let me", "incomplete")],
])("%s that was cut off is open when the answer ends, and told as cut off", (_name, whole, cut) => {
  const events = read(whole, cut);
  expect(events.flatMap((event) => (event.type === "item.end" ? [event.index] : []))).toEqual([0]);
  expect(codecs.responses.writeAnswer(events, context())).toMatchObject({
    status: "incomplete",
    output: [{ status: "completed" }, { status: "incomplete" }],
  });
});

test("a thought after one that was cut off is another", () => {
  const events = read(thought("a", "Once", "incomplete"), thought("b", "Twice", "completed"));
  const said = events.flatMap((event) => (event.type === "reasoning.delta" ? [[event.index, event.delta]] : []));
  expect(said).toEqual([
    [0, "Once"],
    [1, "Twice"],
  ]);
});
