import { readFileSync } from "node:fs";
import Anthropic from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import { faults, startSimulator } from "./index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const readme = read("../README.md");

it("shows an example that does what it says", async () => {
  const lines: unknown[] = [];
  const console = { log: (line: unknown) => lines.push(line) };
  // example
  const simulator = await startSimulator({ kind: "anthropic" });
  const client = new Anthropic({ baseURL: simulator.baseUrl, apiKey: "any", maxRetries: 1 });
  const question = { model: "claude-haiku-5-5", max_tokens: 100, messages: [{ role: "user" as const, content: "Hi" }] };

  simulator.answer({ text: "Good morning." });
  simulator.failNext(faults.anthropic.overloaded());
  const answer = await client.messages.create(question);

  console.log(answer.content); // [{ type: "text", text: "Good morning." }]
  console.log(simulator.requests.map((request) => request.status)); // [529, 200]
  await simulator.close();
  // end
  expect(lines).toEqual([[{ type: "text", text: "Good morning." }], [529, 200]]);
  const [, shown = ""] = read("./readme.test.ts").split(/^ {2}\/\/ (?:example|end)\n/m);
  expect(readme).toContain(shown.replaceAll(/^ {2}/gm, ""));
});

it("names every preset", () => {
  const names = Object.values(faults).flatMap((presets) => Object.keys(presets));
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

it("names every command", async () => {
  await using simulator = await startSimulator({ kind: "openai" });
  const { commands } = (await (await fetch(`${simulator.origin}/__simulator`)).json()) as { commands: string[] };
  const paths = commands.map((line) => line.replace(/^\w+ ([^:]+):.*/, "$1"));
  expect(paths.filter((path) => !readme.includes(path))).toEqual([]);
});
