import { checkStream, type SseEvent, type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { type Conversation, dialects } from "./harness/dialects/index.ts";
import { type Followed, follow } from "./harness/follow.ts";
import { hello } from "./harness/gateway.ts";
import { localGreeting, minimax, sonnet, startHybrid } from "./harness/hybrid.ts";
import { at, parse } from "./harness/json.ts";
import { officialClients } from "./harness/official.ts";
import { startStack } from "./harness/stack.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const second = 1000;

/** The hosted model says nothing until its clock runs out, then the local one is asked. */
const start = async (patience = "32s") => {
  const clock = createVirtualClock();
  const settings = {
    "models.providers.anthropic.timeouts.firstOutput": patience,
    "agents.defaults.model.fallbacks": [minimax],
  };
  const stack = await startHybrid({ clock, settings });
  stack.hosted.fail({ kind: "hang" });
  return { ...stack, clock };
};

type Started = Awaited<ReturnType<typeof start>>;

const ask = ({ gateway }: Started, wire: TextWire, conversation: Conversation = hello): Followed => {
  const { path, headers, writeRequest } = dialects[wire];
  return follow(gateway.origin + path, { headers, body: writeRequest(conversation, "sonnet", true) });
};

/** Asks, and lets ten seconds pass once the backend has the request. */
async function wait(started: Started, wire: TextWire, conversation?: Conversation): Promise<Followed> {
  const followed = ask(started, wire, conversation);
  await started.hosted.waitFor((request) => request.wire === "messages");
  await started.clock.pass(10 * second);
  await followed.until(({ events }) => events.length >= atTen[wire]);
  return followed;
}

/** Events that the answer begins with: the first heartbeat also opens it. */
const atTen: Readonly<Record<TextWire, number>> = { chat: 2, responses: 2, messages: 1 };

const isHeartbeat: Readonly<Record<TextWire, (event: SseEvent) => boolean>> = {
  chat: ({ data }) => at(parse(data), "choices", 0, "delta", "content") === "",
  responses: ({ event }) => event === "response.created" || event === "response.in_progress",
  messages: ({ event }) => event === "ping",
};

const ours = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).filter((name) => name.startsWith("x-headgate"));

/** Five seconds, and the one heartbeat that comes with them. */
async function nextHeartbeat({ clock }: Started, followed: Followed): Promise<void> {
  const known = followed.events.length;
  await clock.pass(4.999 * second);
  expect(followed.events).toHaveLength(known);
  await clock.pass(0.001 * second);
  await followed.until(({ events }) => events.length > known);
  expect(followed.events).toHaveLength(known + 1);
}

const receiptOf = ({ gateway }: Started) =>
  vi.waitFor(
    () => {
      expect(gateway.receipts).toHaveLength(1);
      return gateway.receipts[0];
    },
    { interval: 2 },
  );

describe.each(textWires)("a streaming client of %s", (wire) => {
  it("gets its 200 after ten seconds, data every five, then the answer of whoever serves", async () => {
    const started = await start();
    const followed = await wait(started, wire);
    expect(followed.status).toBe(200);
    expect(followed.headers["content-type"]).toBe("text/event-stream");
    expect(ours(followed.headers)).toEqual(["x-headgate-request-id"]);
    for (let beat = 0; beat < 4; beat++) await nextHeartbeat(started, followed);
    expect(followed.events).toHaveLength(atTen[wire] + 4);
    expect(followed.events.every(isHeartbeat[wire])).toBe(true);
    await started.clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(followed.end).toBe("whole");
    expect(checkStream(wire, followed.events)).toEqual([]);
    expect(dialects[wire].readStream(followed.events)).toMatchObject({ text: localGreeting, finish: "stop" });
    expect(await receiptOf(started)).toMatchObject({
      id: followed.headers["x-headgate-request-id"],
      outcome: "ok",
      served: minimax,
      place: "local",
      attempts: [
        { ref: sonnet, outcome: "timeout", clock: "firstOutput" },
        { ref: minimax, outcome: "ok" },
      ],
    });
  });

  it("is given a call after its heartbeats as at any time", async () => {
    const started = await start("12s");
    started.local.answer({
      reasoning: "Hm.",
      text: "Wait.",
      toolCalls: [{ name: "get_weather", arguments: { city: "Rome" } }],
    });
    const followed = await wait(started, wire, { ...hello, tools: ["get_weather"] });
    await started.clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(checkStream(wire, followed.events)).toEqual([]);
    expect(dialects[wire].readStream(followed.events)).toMatchObject({
      text: "Wait.",
      calls: [{ name: "get_weather", arguments: { city: "Rome" } }],
      finish: "tool_calls",
    });
  });

  it("is given a whole answer as a stream", async () => {
    const started = await start("12s");
    // The row's wire, whatever the client's is.
    const { path, writeRequest } = dialects.responses;
    const whole = await fetch(started.local.origin + path, {
      method: "POST",
      body: JSON.stringify(writeRequest(hello, "minimax-m2.1-gs32", false)),
    });
    started.local.fail({ kind: "status", status: 200, body: await whole.json() });
    const followed = await wait(started, wire);
    await started.clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(checkStream(wire, followed.events)).toEqual([]);
    expect(dialects[wire].readStream(followed.events)).toMatchObject({ text: localGreeting, finish: "stop" });
  });

  it("hears of a failure by a status until then", async () => {
    const started = await start("9s");
    started.local.fail({ kind: "status", status: 500 });
    const followed = ask(started, wire);
    await started.hosted.waitFor((request) => request.wire === "messages");
    await started.clock.pass(8.999 * second);
    expect(followed.status).toBeUndefined();
    await started.clock.pass(0.001 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(followed).toMatchObject({ status: 504, end: "whole" });
  });

  it("hears of one after that by the wire's error event and a cut, never by a clean end", async () => {
    const started = await start("12s");
    started.local.fail({ kind: "status", status: 500 });
    const followed = await wait(started, wire);
    await started.clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(followed.end).toBe("broken");
    expect(followed.events.some(dialects[wire].isTerminal)).toBe(false);
    const error = dialects[wire].readStreamError(followed.events);
    expect(error?.message).toContain("2 candidates were tried");
    const sequence = followed.events.map(({ data }) => at(parse(data), "sequence_number"));
    if (wire === "responses") expect(sequence).toEqual(sequence.map((_, index) => index));
    expect(await receiptOf(started)).toMatchObject({ outcome: "failed", status: 504, failure: { kind: "timeout" } });
  });

  it.each(["right after the start", "between two heartbeats"])("that leaves %s cancels the backend", async (when) => {
    const started = await start();
    const followed = await wait(started, wire);
    if (when !== "right after the start") {
      await nextHeartbeat(started, followed);
      await started.clock.pass(2 * second);
    }
    const closed = started.hosted.nextClose();
    followed.leave();
    await closed;
    // The body of an answer is only asked for more when a heartbeat is due.
    await started.clock.pass(5 * second);
    expect(await receiptOf(started)).toMatchObject({ outcome: "aborted" });
    expect(started.local.requests).toEqual([]);
  });

  it("whose answer breaks off behind its heartbeats is told so", async () => {
    const started = await start("12s");
    started.local.answer({ text: ["One ", "two ", "three."] });
    started.local.fail({ kind: "cut-after", outputs: 1 });
    const followed = await wait(started, wire);
    await started.clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(followed.end).toBe("broken");
    expect(dialects[wire].readStreamError(followed.events)).toBeDefined();
    expect(await receiptOf(started)).toMatchObject({ outcome: "failed", served: minimax });
  });
});

const sameWire = [
  { wire: "chat", kind: "openai", model: "gpt-5.5" },
  { wire: "responses", kind: "openai", model: "gpt-5.5" },
  { wire: "messages", kind: "anthropic", model: "claude-sonnet-4-5" },
] as const;

describe("an answer that could have gone through untouched", () => {
  it.each(sameWire)("goes on from the heartbeats of a client of $wire", async ({ wire, kind, model }) => {
    const clock = createVirtualClock();
    const {
      first,
      second: next,
      gateway,
    } = await startStack({ first: { kind: "lmstudio" }, second: { kind } }, ({ first, second }) => ({
      clock,
      config: {
        agents: { defaults: { model: { primary: "lmstudio/minimax-m2.1-gs32", fallbacks: [`${kind}/${model}`] } } },
        models: {
          providers: {
            lmstudio: { baseUrl: first.baseUrl, timeouts: { firstOutput: "12s" } },
            [kind]: { baseUrl: second.baseUrl, apiKey: "k", wires: [wire] },
          },
        },
      },
    }));
    first.fail({ kind: "hang" });
    next.answer({ reasoning: "Hm.", text: ["One ", "two."], usage: { input: 7, output: 3 } });
    const { path, headers, writeRequest, readStream } = dialects[wire];
    const followed = follow(gateway.origin + path, { headers, body: writeRequest(hello, undefined, true) });
    await first.waitFor(() => true);
    await clock.pass(10 * second);
    await followed.until(({ events }) => events.length >= atTen[wire]);
    await clock.pass(2 * second);
    await followed.until(({ end }) => end !== undefined);
    expect(checkStream(wire, followed.events)).toEqual([]);
    expect(readStream(followed.events)).toMatchObject({ text: "One two.", usage: { input: 7, output: 3 } });
  });
});

describe.each(textWires)("a client of %s that wants no stream", (wire) => {
  it("waits, and gets a whole answer with everything in its headers", async () => {
    const started = await start();
    const { gateway, hosted, clock } = started;
    const asked = gateway.say(wire, { model: "sonnet" });
    let answered = false;
    void asked.then(() => {
      answered = true;
    });
    await hosted.waitFor((request) => request.wire === "messages");
    hosted.heal();
    await clock.pass(500 * second);
    expect(answered).toBe(false);
    await clock.pass(100 * second);
    const reply = await asked;
    expect(reply.headers["x-headgate-model"]).toBe(minimax);
    expect(dialects[wire].readWhole(reply.json).text).toBe(localGreeting);
  });
});

describe("an official client", () => {
  it.each(["chat.completions.stream", "responses.stream", "messages.stream"] as const)(
    "%s puts together an answer that began with heartbeats as any other",
    async (way) => {
      const started = await start("22s");
      const { openai, anthropic } = officialClients(started.gateway, "over HTTP");
      const messages = [{ role: "user" as const, content: "say hello to me" }];
      const asking = {
        "chat.completions.stream": async () =>
          (await openai.chat.completions.stream({ model: "sonnet", messages }).finalChatCompletion()).choices[0]
            ?.message.content,
        "responses.stream": async () =>
          (await openai.responses.stream({ model: "sonnet", input: "hi" }).finalResponse()).output_text,
        "messages.stream": () => anthropic.messages.stream({ model: "sonnet", max_tokens: 99, messages }).finalText(),
      };
      const answer = asking[way]();
      await started.hosted.waitFor((request) => request.wire === "messages");
      await started.clock.pass(22 * second);
      expect(await answer).toBe(localGreeting);
    },
  );
});
