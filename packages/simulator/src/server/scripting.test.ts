import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../index.ts";
import { bodyOf, pathOf, post } from "../testing/post.ts";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ kind: "anthropic" });
});

afterEach(() => simulator.close());

const command = async (name: string, body?: unknown) => {
  const init = body === undefined ? { method: "POST" } : { method: "POST", body: JSON.stringify(body) };
  const reply = await fetch(`${simulator.origin}/__simulator${name}`, init);
  return { status: reply.status, body: await reply.json() };
};

const ask = () => post(simulator, pathOf.messages, bodyOf("anthropic", "messages", false)).seen;

it("says what it is and lists its commands", async () => {
  const reply = await fetch(`${simulator.origin}/__simulator`);
  const { simulator: kind, commands } = (await reply.json()) as { simulator: string; commands: string[] };
  expect(kind).toBe("anthropic");
  expect(commands.map((line) => line.split(":")[0])).toEqual([
    "GET /__simulator",
    "GET /__simulator/requests",
    "POST /__simulator/fail",
    "POST /__simulator/fail-next",
    "POST /__simulator/heal",
    "POST /__simulator/answer",
    "POST /__simulator/answer-next",
    "POST /__simulator/reset",
  ]);
});

it("fails from now on and heals", async () => {
  expect(await command("/fail", { kind: "status", status: 529 })).toEqual({ status: 200, body: { done: true } });
  expect(await ask()).toMatchObject({ status: 529, text: expect.stringContaining("overloaded_error") });
  await command("/heal");
  expect((await ask()).status).toBe(200);
});

it("takes a preset by its name, with limits of its own", async () => {
  await command("/fail", { preset: "creditsExhausted", times: 1 });
  expect(await ask()).toMatchObject({ status: 400, text: expect.stringContaining("credit balance is too low") });
  expect((await ask()).status).toBe(200);
});

it("fails the next requests as a list says", async () => {
  await command("/fail-next", [{ kind: "status", status: 500 }, { preset: "rateLimited" }]);
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([500, 429, 200]);
});

it("answers as told", async () => {
  await command("/answer", { text: "Good morning." });
  await command("/answer-next", { text: "First." });
  expect((await ask()).text).toContain("First.");
  expect((await ask()).text).toContain("Good morning.");
  await command("/reset");
  expect((await ask()).text).toContain("Hello from anthropic/claude-haiku-5-5.");
});

it("lists what was received, without the scripting itself", async () => {
  await ask();
  const reply = await fetch(`${simulator.origin}/__simulator/requests`);
  expect(await reply.json()).toMatchObject([{ method: "POST", path: "/v1/messages", model: "claude-haiku-5-5" }]);
});

it.each([
  ["/fail", { kind: "explode" }, '"kind" is one of none, status, refuse'],
  ["/fail", { kind: "status" }, '"status" of a "status" fault is number'],
  ["/fail", { kind: "hang", ms: 5 }, 'A "hang" fault has no "ms"'],
  ["/fail", { preset: "insufficientQuota" }, '"preset" is one of overloaded'],
  ["/fail", [], "A fault is an object"],
  ["/answer", { txt: "Hi." }, 'An answer has no "txt"'],
  ["/answer", "Hi.", "An answer is an object"],
])("refuses %s %j and says what would be right", async (name, body, message) => {
  const reply = await command(name, body);
  expect(reply.status).toBe(400);
  expect((reply.body as { error: string }).error).toContain(message);
});

it("does not know other commands", async () => {
  expect((await command("/explode")).status).toBe(404);
});
