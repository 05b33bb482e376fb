import { type Fault, faults } from "@headgate/simulator";
import { checkStream, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Settings } from "./harness/configs.ts";
import { dialects } from "./harness/dialects/index.ts";
import { localGreeting, minimax, sonnet, startHybrid } from "./harness/hybrid.ts";

interface Case {
  readonly name: string;
  /** Absent: the port refuses. */
  readonly fault: Fault | undefined;
  /** What each attempt at the hosted model came to, streamed and whole. */
  readonly streamed: readonly string[];
  readonly whole?: readonly string[];
  readonly settings?: Settings;
}

const twice = (kind: string): readonly string[] => [kind, kind];

/** Clocks of the hosted provider alone: the local one may take its time. */
const short: Settings = {
  "models.providers.anthropic.timeouts": { firstOutput: "60ms", whole: "60ms", connect: "5s" },
};

const cases: readonly Case[] = [
  { name: "529", fault: faults.anthropic.overloaded(), streamed: twice("overloaded") },
  { name: "503", fault: { kind: "status", status: 503 }, streamed: twice("overloaded") },
  {
    name: "529 that asks for a long wait",
    fault: { kind: "status", status: 529, headers: { "retry-after": "20" } },
    streamed: ["overloaded"],
  },
  { name: "500", fault: faults.anthropic.serverError(), streamed: twice("bad_answer") },
  {
    name: "502 with a page of HTML",
    fault: { kind: "status", status: 502, body: "<html>" },
    streamed: twice("bad_answer"),
  },
  { name: "504", fault: faults.anthropic.timeout(), streamed: ["timeout"] },
  { name: "429", fault: faults.anthropic.rateLimited(), streamed: ["rate_limited"] },
  {
    name: "429 that asks for a long wait",
    fault: faults.anthropic.rateLimited({ retryAfter: 30 }),
    streamed: ["rate_limited"],
  },
  { name: "429 for a spend limit", fault: faults.anthropic.spendLimit(), streamed: ["quota_exhausted"] },
  { name: "400 for missing credit", fault: faults.anthropic.creditsExhausted(), streamed: ["quota_exhausted"] },
  { name: "402", fault: faults.anthropic.billing(), streamed: ["quota_exhausted"] },
  { name: "401", fault: faults.anthropic.unauthenticated(), streamed: ["unauthenticated"] },
  { name: "403", fault: faults.anthropic.forbidden(), streamed: ["forbidden"] },
  {
    name: "404 for the model",
    fault: faults.anthropic.modelNotFound({ model: "claude-sonnet-4-5" }),
    streamed: ["model_missing"],
  },
  { name: "413", fault: faults.anthropic.requestTooLarge(), streamed: ["unsupported"] },
  { name: "400 for something it does not know", fault: { kind: "status", status: 400 }, streamed: ["unsupported"] },
  { name: "418", fault: { kind: "status", status: 418, body: "short and stout" }, streamed: ["unsupported"] },
  { name: "a refused connection", fault: undefined, streamed: ["unreachable"] },
  { name: "a reset connection", fault: { kind: "refuse" }, streamed: twice("bad_answer") },
  { name: "a connection closed before headers", fault: { kind: "cut-before-headers" }, streamed: twice("bad_answer") },
  { name: "silence instead of headers", fault: { kind: "hang" }, streamed: ["timeout"], settings: short },
  {
    name: "silence after the headers",
    fault: { kind: "hang-after", frames: 0 },
    streamed: ["timeout"],
    settings: short,
  },
  {
    name: "silence after the first frames",
    fault: { kind: "hang-after", outputs: 0 },
    streamed: ["timeout"],
    settings: short,
  },
  {
    name: "silence in the middle of a whole body",
    fault: { kind: "hang-after", frames: 1 },
    streamed: ["timeout"],
    settings: short,
  },
  {
    name: "a first byte beyond the clock",
    fault: { kind: "slow-first-byte", ms: 5000 },
    streamed: ["timeout"],
    settings: short,
  },
  {
    name: "more than the total clock allows",
    fault: { kind: "hang" },
    streamed: ["timeout"],
    settings: { "models.providers.anthropic.timeouts.total": "50ms" },
  },
  { name: "a cut after the headers", fault: { kind: "cut-after", frames: 0 }, streamed: twice("bad_answer") },
  { name: "a cut before the first output", fault: { kind: "cut-after", outputs: 0 }, streamed: twice("bad_answer") },
  {
    name: "a clean end before the first output",
    fault: { kind: "end-after", outputs: 0 },
    streamed: twice("bad_answer"),
  },
  { name: "half of a whole body", fault: { kind: "end-after", frames: 1 }, streamed: twice("bad_answer") },
  { name: "an error as first event", fault: { kind: "error-frame", frames: 0 }, streamed: twice("overloaded") },
  {
    name: "an error before the first output",
    fault: faults.anthropic.overloadedInStream(),
    streamed: twice("overloaded"),
  },
  { name: "an empty 200", fault: { kind: "empty" }, streamed: twice("bad_answer") },
  {
    name: "a 200 with every frame but the output",
    fault: { kind: "empty", variant: "frames" },
    streamed: twice("bad_answer"),
  },
  { name: "an error inside a 200", fault: { kind: "error-in-200" }, streamed: twice("overloaded") },
  {
    name: "an unknown error inside a 200",
    fault: { kind: "error-in-200", error: { type: "odd_error" } },
    streamed: twice("bad_answer"),
  },
  { name: "garbage", fault: { kind: "garbage" }, streamed: twice("bad_answer") },
  {
    name: "a page of HTML",
    fault: { kind: "status", status: 200, body: "<html>Login", headers: { "content-type": "text/html" } },
    streamed: twice("bad_answer"),
  },
  {
    name: "a 200 of another API",
    fault: { kind: "status", status: 200, body: { ok: true } },
    streamed: twice("bad_answer"),
  },
  { name: "a 204", fault: { kind: "status", status: 204, body: "" }, streamed: twice("bad_answer") },
  {
    name: "headers too large to read",
    fault: { kind: "status", status: 200, headers: { "x-huge": "x".repeat(100_000) } },
    streamed: twice("bad_answer"),
  },
];

const attempted = (outcomes: readonly string[]): string =>
  [...outcomes.map((outcome) => `${sonnet}:${outcome}`), `${minimax}:ok`].join(",");

describe.each(cases)("the hosted model answers with $name", ({ fault, streamed, whole = streamed, settings = {} }) => {
  describe.each(textWires)("to a client of %s", (wire) => {
    it.each([
      ["streamed", true, streamed],
      ["whole", false, whole],
    ] as const)("%s: the local model serves, and the answer says why", async (_, stream, outcomes) => {
      const { hosted, local, gateway } = await startHybrid({ settings });
      if (fault === undefined) await hosted.refuse();
      else hosted.fail(fault);
      const reply = await gateway.say(wire, { model: "Sonnet", stream });
      const { readStream, readWhole } = dialects[wire];
      const said = stream ? readStream(reply.events) : readWhole(reply.json);
      expect(reply.headers["x-headgate-attempts"]).toBe(attempted(outcomes));
      expect(reply).toMatchObject({
        status: 200,
        broken: false,
        headers: { "x-headgate-model": minimax, "x-headgate-requested": "Sonnet", "x-headgate-place": "local" },
      });
      expect(said).toMatchObject({ text: localGreeting, calls: [], finish: "stop" });
      // LM Studio's own Responses go through untouched: they are its business.
      if (stream && wire !== "responses") expect(checkStream(wire, reply.events)).toEqual([]);
      expect(local.requests).toHaveLength(1);
      if (fault !== undefined)
        expect(hosted.requests.map(({ model }) => model)).toEqual(outcomes.map(() => "claude-sonnet-4-5"));
      const [receipt] = gateway.receipts;
      expect(receipt).toMatchObject({ outcome: "ok", served: minimax, route: "default", wire, stream });
      expect(receipt?.attempts.map(({ outcome }) => outcome)).toEqual([...outcomes, "ok"]);
      for (const attempt of receipt?.attempts.slice(0, -1) ?? []) expect(attempt.message).toMatch(/\w/);
    });
  });
});

describe("a redirect", () => {
  it.each(textWires)(
    "is not followed for a client of %s: the local model serves, and the other address is never asked",
    async (wire) => {
      const { hosted, local, gateway } = await startHybrid();
      hosted.fail({ kind: "redirect", to: `${local.origin}/v1/messages`, status: 307 });
      const reply = await gateway.say(wire, { model: "sonnet" });
      expect(reply.headers["x-headgate-attempts"]).toBe(attempted(twice("bad_answer")));
      expect(local.requests.map(({ path }) => path)).toEqual(["/v1/responses"]);
    },
  );
});

describe("an endless whole body", () => {
  it("ends with the clock, and the local model serves", async () => {
    const { hosted, gateway } = await startHybrid({ settings: short });
    hosted.fail({ kind: "endless", delayMs: 5 });
    const reply = await gateway.say("chat", { model: "sonnet" });
    expect(reply.headers["x-headgate-attempts"]).toBe(attempted(["timeout"]));
    expect(gateway.receipts[0]?.attempts[0]).toMatchObject({ clock: "whole", status: 200 });
  });
});
