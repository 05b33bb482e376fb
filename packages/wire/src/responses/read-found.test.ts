import { expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { JsonObject } from "../pivot/types.ts";

const weather = { type: "function", name: "get_weather", defer_loading: true, parameters: { type: "object" } };
const found = (...tools: JsonObject[]): JsonObject => ({
  type: "tool_search_output",
  execution: "server",
  call_id: null,
  status: "completed",
  tools,
});

function write(wire: "chat" | "responses" | "messages", output: JsonObject, tools: JsonObject[] = []) {
  const ledger = new Ledger("responses", wire);
  const names = new ToolNames();
  const input = [
    { role: "user", content: "Weather?" },
    output,
    { type: "function_call", call_id: "c", name: "get_weather", namespace: "mcp", arguments: "{}" },
    { type: "function_call_output", call_id: "c", output: "Sunny." },
  ];
  const request = codecs.responses.readRequest({ input, tools }, ledger);
  const body = codecs[wire].writeRequest(request, { model: "m", tools: names }, ledger);
  return { body, names, losses: ledger.losses.map(({ effect, field }) => `${effect} ${field}`) };
}

const wires = ["chat", "responses", "messages"] as const;

test.each(wires)(
  "tools that a search found are tools of the request on %s, and called back under their own names",
  (wire) => {
    const group = { type: "namespace", name: "mcp", description: "Tools of mcp.", tools: [weather] };
    const { body, names, losses } = write(wire, found(group));
    expect(JSON.stringify(body.tools)).toContain("mcp__get_weather");
    expect(names.origin("mcp__get_weather")).toEqual({ kind: "function", name: "get_weather", namespace: "mcp" });
    expect(losses).toEqual(["changed input[].tool_search_output"]);
  },
);

test.each(wires)("one that waited among the request's tools is sent to %s once, in sight", (wire) => {
  const { body, losses } = write(wire, found(weather), [weather]);
  expect(body.tools).toHaveLength(1);
  expect(losses).not.toContain("changed tools[].defer_loading");
});

test.each(wires)("a search that found nothing, or no function, is named as dropped on %s", (wire) => {
  expect(write(wire, found()).losses).toContain("dropped input[].tool_search_output");
  const { losses } = write(wire, found({ type: "web_search" }));
  expect(losses).toEqual(expect.arrayContaining(["dropped tools[].web_search", "dropped input[].tool_search_output"]));
});
