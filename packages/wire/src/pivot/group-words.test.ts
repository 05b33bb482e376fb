import { expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { sayGroupWords } from "./group-words.ts";
import { Ledger } from "./ledger.ts";
import type { PivotTool } from "./types.ts";

const tool = (name: string, more: Partial<PivotTool> = {}): PivotTool =>
  ({ type: "function", name, ...more }) as PivotTool;
const group = { namespace: "mcp", groupWords: "All of mcp." };

test("what is said of a group is said once, before its first tool that is sent, and named", () => {
  const ledger = new Ledger("responses", "chat");
  const tools = [
    tool("a"),
    tool("b", { ...group, description: "Does b." }),
    tool("c", { ...group, description: "Does c." }),
    tool("d", { namespace: "web", groupWords: "The web." }),
  ];
  expect(sayGroupWords(tools, ledger).map(({ description }) => description)).toEqual([
    undefined,
    "All of mcp.\n\nDoes b.",
    "Does c.",
    "The web.",
  ]);
  expect(ledger.losses.map(({ effect, field }) => `${effect} ${field}`)).toEqual(["estimated tools[].description"]);
});

test("tools of which no group is described lose nothing", () => {
  const ledger = new Ledger("responses", "chat");
  const tools = [tool("a"), tool("b", { namespace: "mcp" })];
  expect(sayGroupWords(tools, ledger)).toBe(tools);
  expect(ledger.losses).toEqual([]);
});

const functions = ["a", "b"].map((name) => ({ type: "function", name, description: `Does ${name}.`, parameters: {} }));
const body = {
  model: "m",
  input: "hi",
  tools: [{ type: "namespace", name: "mcp", description: "All of mcp.", tools: functions }],
};

test.each(["chat", "responses", "messages"] as const)(
  "a choice that leaves the second tool alone leaves the words to it on %s",
  (wire) => {
    const ledger = new Ledger("responses", wire);
    const allowed = [{ type: "function", name: "b", namespace: "mcp" }];
    const choice = { tool_choice: { type: "allowed_tools", mode: "auto", tools: allowed } };
    const request = codecs.responses.readRequest({ ...body, ...choice }, ledger);
    const { tools } = codecs[wire].writeRequest(request, { model: "m" }, ledger);
    expect(JSON.stringify(tools)).toContain("All of mcp.\\n\\nDoes b.");
  },
);

test("a backend with groups gets the words where they were", () => {
  const ledger = new Ledger("responses", "responses");
  const request = codecs.responses.readRequest(body, ledger);
  const written = codecs.responses.writeRequest(
    request,
    { model: "m", features: new Set(["namespace_tools"]) },
    ledger,
  );
  expect(written.tools).toMatchObject(body.tools.map(({ tools: _, ...group }) => group));
  expect(ledger.losses).toEqual([]);
});
