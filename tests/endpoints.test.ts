import type { Fault } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { startHybrid } from "./harness/hybrid.ts";
import { at } from "./harness/json.ts";
import { collect, officialClients, ways } from "./harness/official.ts";
import { startPair } from "./harness/pair.ts";

const { readError } = dialects.chat;
const embed = (model: string, more: object = {}) => ({ model, input: ["one", "two"], ...more });
const complete = (model: string, more: object = {}) => ({ model, prompt: "Say hello", ...more });

describe.each([
  ["/v1/embeddings", embed, "search", "embedder"],
  ["/v1/completions", complete, "draft", "writer"],
] as const)("%s", (path, bodyOf, route, model) => {
  const ask = (gateway: Awaited<ReturnType<typeof startPair>>["gateway"], more: object = {}, headers = {}) =>
    gateway.ask(path, { body: bodyOf(route, more), headers });

  it("is answered with the backend's own bytes, asked by the model's own name and with the backend's key", async () => {
    const { first, gateway } = await startPair();
    const body = `{"model": "${route}",\n "prompt":"Say hello","input":["one","two"],"x":1.0}`;
    const reply = await gateway.ask(path, { body, headers: { authorization: "Bearer sk-client" } });
    const direct = await fetch(first.origin + path, {
      method: "POST",
      headers: { authorization: "Bearer sk-first" },
      body: body.replace(route, model),
    });
    expect(reply.status).toBe(200);
    const stable = (text: string): string => text.replace(/"(id|created)":("[^"]*"|\d+)/g, "");
    expect(stable(reply.text)).toBe(stable(await direct.text()));
    expect(first.requests[0]).toMatchObject({
      path,
      text: body.replace(route, model),
      headers: { authorization: "Bearer sk-first" },
    });
  });

  it("says who served it, and leaves a receipt", async () => {
    const { gateway } = await startPair();
    const reply = await ask(gateway);
    expect(reply.headers).toMatchObject({
      "x-headgate-model": `first/${model}`,
      "x-headgate-requested": route,
      "x-headgate-place": "local",
      "x-headgate-attempts": `first/${model}:ok`,
      "content-type": "application/json",
    });
    const wire = path === "/v1/embeddings" ? "embeddings" : "completions";
    expect(gateway.receipts[0]).toMatchObject({ wire, stream: false, route, served: `first/${model}`, outcome: "ok" });
    expect(gateway.receipts[0]?.usage?.inputTokens).toBe(2);
  });

  it.each<[string, Fault | undefined, string]>([
    ["an overloaded backend", { kind: "status", status: 503 }, "overloaded"],
    ["a wrong key", { kind: "status", status: 401 }, "unauthenticated"],
    ["a missing model", { kind: "status", status: 404 }, "unsupported"],
    ["a refused connection", undefined, "unreachable"],
    ["a reset connection", { kind: "refuse" }, "bad_answer"],
    ["an error inside a 200", { kind: "error-in-200" }, "bad_answer"],
    ["a page of HTML", { kind: "garbage" }, "bad_answer"],
    ["half an answer", { kind: "end-after", outputs: 1 }, "bad_answer"],
    ["a cut answer", { kind: "cut-after", outputs: 1 }, "bad_answer"],
    ["an empty body", { kind: "empty" }, "bad_answer"],
    ["an object without what was asked for", { kind: "status", status: 200, body: { object: "list" } }, "bad_answer"],
    ["a redirect to another origin", { kind: "redirect", to: "http://127.0.0.2:9/v1" }, "bad_answer"],
  ])("falls back on %s", async (_, fault, outcome) => {
    const { first, second, gateway } = await startPair();
    if (fault === undefined) first.refuse();
    else first.fail(fault);
    const reply = await ask(gateway);
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe(`second/${model}`);
    expect(reply.headers["x-headgate-attempts"]).toMatch(
      new RegExp(`^(?:first/${model}:${outcome},){1,2}second/${model}:ok$`),
    );
    expect(second.requests).toHaveLength(1);
  });

  it("tells the primary's failure when nobody answers", async () => {
    const { first, second, gateway } = await startPair();
    first.fail({ kind: "status", status: 401 });
    second.fail({ kind: "status", status: 503 });
    const reply = await ask(gateway);
    expect([reply.status, readError(reply.json)?.code]).toEqual([502, "provider_key_rejected"]);
  });

  it("stays inside the boundary", async () => {
    const { first, second, gateway } = await startPair({ row: { place: "us" } });
    const reply = await ask(gateway, {}, { "x-headgate-within": "eu" });
    expect([reply.status, readError(reply.json)?.code]).toEqual([400, "outside_boundary"]);
    expect([...first.requests, ...second.requests]).toEqual([]);
  });

  it("is asked of the row's provider, whichever wires the row has for conversations", async () => {
    const { gateway } = await startPair({
      row: { api: "anthropic-messages", models: [{ id: model, api: "openai-completions" }] },
    });
    expect((await ask(gateway)).headers["x-headgate-model"]).toBe(`first/${model}`);
  });

  it("passes over a provider that does not serve it, and says so", async () => {
    const { hosted, gateway } = await startHybrid();
    const reply = await gateway.ask(path, { body: bodyOf("sonnet") });
    const skipped = gateway.receipts[0]?.candidates[0]?.skipped;
    expect(skipped).toMatch(path === "/v1/embeddings" ? /embeddings/ : /text/);
    expect(hosted.requests).toEqual([]);
    const local = gateway.receipts[0]?.attempts.map(({ ref }) => ref);
    expect(local).toEqual(["lmstudio/minimax-m2.1-gs32"]);
    expect(reply.status).toBe(path === "/v1/embeddings" ? 404 : 200);
  });

  it("is 400 where no provider serves it", async () => {
    const { hosted, gateway } = await startHybrid();
    const reply = await gateway.ask(path, { body: bodyOf("anthropic/claude-sonnet-4-5") });
    expect([reply.status, readError(reply.json)?.code]).toEqual([400, "unsupported"]);
    expect(hosted.requests).toEqual([]);
  });

  it("cancels its upstream when the client leaves", async () => {
    const { first, gateway } = await startPair();
    first.fail({ kind: "hang" });
    const leaving = new AbortController();
    const asked = gateway.ask(path, { body: bodyOf(route), signal: leaving.signal });
    await first.waitFor(({ path: seen }) => seen === path);
    const closed = first.nextClose();
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await closed;
  });

  it("knows names as every endpoint does", async () => {
    const { gateway } = await startPair();
    const reply = await gateway.ask(path, { body: bodyOf("serch") });
    expect([reply.status, readError(reply.json)?.code]).toEqual([404, "model_not_found"]);
    expect((await gateway.ask(path, { body: bodyOf(`SECOND/${model}`) })).status).toBe(404);
    expect((await gateway.ask(path, { body: bodyOf(`second/${model}`) })).headers["x-headgate-model"]).toBe(
      `second/${model}`,
    );
  });
});

describe.each(ways)("the official client %s", (way) => {
  it("gets vectors, in the form that it asks for by itself", async () => {
    const { first, gateway } = await startPair();
    const { openai } = officialClients(gateway, way);
    const { data, usage } = await openai.embeddings.create({ model: "vectors", input: ["one", "two"], dimensions: 4 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([4, 4]);
    expect(usage.prompt_tokens).toBe(2);
    expect(first.requests[0]?.body).toMatchObject({ model: "embedder", encoding_format: "base64", dimensions: 4 });
  });

  it("gets the rest of a text, whole and streamed", async () => {
    const { gateway } = await startPair();
    const { openai } = officialClients(gateway, way);
    const whole = await openai.completions.create({ model: "draft", prompt: "Say hello" });
    expect(whole.choices[0]?.text).toBe("Hello from openai-compatible/writer.");
    const frames = await collect(
      await openai.completions.create({
        model: "draft",
        prompt: "Say hello",
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(frames.map(({ choices }) => choices[0]?.text ?? "").join("")).toBe(whole.choices[0]?.text);
    expect(gateway.receipts.map(({ stream, usage }) => [stream, usage?.outputTokens])).toEqual([
      [false, 3],
      [true, 3],
    ]);
  });
});

describe("a stream of completions", () => {
  const stream = complete("draft", { stream: true });

  it("goes through untouched", async () => {
    const { first, gateway } = await startPair();
    const reply = await gateway.ask("/v1/completions", { body: stream });
    const direct = await fetch(`${first.origin}/v1/completions`, {
      method: "POST",
      headers: { authorization: "Bearer sk-first" },
      body: JSON.stringify({ ...stream, model: "writer" }),
    });
    const stable = (text: string): string => text.replace(/"(id|created)":("[^"]*"|\d+)/g, "");
    expect(reply.headers["content-type"]).toBe("text/event-stream");
    expect(stable(reply.text)).toBe(stable(await direct.text()));
    expect([reply.broken, reply.events.at(-1)?.data]).toEqual([false, "[DONE]"]);
  });

  it.each<[string, Fault]>([
    ["an error event", { kind: "error-frame", outputs: 0 }],
    ["no event at all", { kind: "empty" }],
    ["garbage", { kind: "garbage" }],
    ["a cut", { kind: "cut-after", outputs: 0 }],
    ["an end", { kind: "end-after", outputs: 0 }],
    ["a status", { kind: "status", status: 500 }],
  ])("falls back on %s before its first text", async (_, fault) => {
    const { first, gateway } = await startPair();
    first.fail(fault);
    const reply = await gateway.ask("/v1/completions", { body: stream });
    expect(reply.headers["x-headgate-attempts"]).toBe(
      "first/writer:bad_answer,first/writer:bad_answer,second/writer:ok",
    );
    expect([reply.broken, reply.events.at(-1)?.data]).toEqual([false, "[DONE]"]);
  });

  it.each<[string, Fault]>([
    ["an error event", { kind: "error-frame", outputs: 1 }],
    ["a cut", { kind: "cut-after", outputs: 1 }],
    ["an end that says nothing of why", { kind: "end-after", outputs: 1 }],
  ])("is cut, after an error event, on %s behind its first text", async (_, fault) => {
    const { first, second, gateway } = await startPair();
    first.fail(fault);
    const reply = await gateway.ask("/v1/completions", { body: stream });
    expect([reply.status, reply.broken]).toEqual([200, true]);
    const errors = reply.events.filter(
      ({ data }) => at(JSON.parse(data.replace("[DONE]", "{}")), "error") !== undefined,
    );
    expect(errors).toHaveLength(1);
    expect(gateway.receipts[0]).toMatchObject({ outcome: "failed", served: "first/writer" });
    expect(second.requests).toEqual([]);
  });

  it("that has nothing to add, and says that it ended, is an answer: nothing may be the best rest of a text", async () => {
    const { first, gateway } = await startPair();
    first.fail({ kind: "empty", variant: "frames" });
    const streamed = await gateway.ask("/v1/completions", { body: stream });
    const whole = await gateway.ask("/v1/completions", { body: complete("draft") });
    expect(streamed.headers["x-headgate-attempts"]).toBe("first/writer:ok");
    expect([streamed.broken, streamed.events.at(-1)?.data]).toEqual([false, "[DONE]"]);
    expect(at(whole.json, "choices", 0)).toMatchObject({ text: "", finish_reason: "stop" });
    expect(whole.headers["x-headgate-attempts"]).toBe("first/writer:ok");
  });

  it("is made of a whole answer, where the backend gives one", async () => {
    const { first, gateway } = await startPair();
    const choices = [{ index: 0, text: "all of it", finish_reason: "stop" }];
    first.fail({ kind: "status", status: 200, body: { object: "text_completion", choices } });
    const { openai } = officialClients(gateway, "over HTTP");
    const frames = await collect(
      await openai.completions.create({ model: "draft", prompt: "Say hello", stream: true }),
    );
    expect(frames.map((frame) => frame.choices[0]?.text)).toEqual(["all of it"]);
  });

  it("ends with its client", async () => {
    const { first, gateway } = await startPair();
    first.fail({ kind: "endless", delayMs: 1 });
    const { openai } = officialClients(gateway, "over HTTP");
    const frames = await openai.completions.create({ model: "draft", prompt: "Say hello", stream: true });
    const closed = first.nextClose();
    for await (const _ of frames) break;
    await closed;
  });
});
