import { createMemoryStore } from "@headgate/core";
import { faults } from "@headgate/simulator";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { ask as askDirectly } from "./harness/ask.ts";
import { upstreams } from "./harness/backends.ts";
import type { Turn } from "./harness/dialects/dialect.ts";
import { localGreeting, startHybrid } from "./harness/hybrid.ts";
import { at } from "./harness/json.ts";
import { heardBy, idsOf, itemOf, startOver } from "./harness/memory.ts";
import { officialClients, ways } from "./harness/official.ts";

const chatBackend = { kind: "openai", wire: "chat", exact: true, model: "gpt-4.1" } as const;
const user = (text: string): Turn => ({ role: "user", text });
const assistant = (text: string): Turn => ({ role: "assistant", text });
const parameters = { type: "object", properties: { city: { type: "string" } } };
const weather = { type: "function", name: "get_weather", parameters, strict: false } as const;
const model = "assistant";

const statusOf = async (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 200,
    (error: unknown) => (error instanceof OpenAI.APIError ? error.status : error),
  );

describe.each(upstreams)("over $kind on $wire", (upstream) => {
  const greeting = `Hello from ${upstream.kind}/${upstream.model}.`;

  it("goes on from an earlier response, whole and streamed", async () => {
    const stack = await startOver(upstream);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const first = await openai.responses.create({ model, input: "hi", instructions: "Be brief." });
    expect(at(first, "store")).toBe(true);
    const second = await openai.responses
      .stream({ model, input: [{ role: "user", content: "more" }], previous_response_id: first.id })
      .finalResponse();
    expect(second.output_text).toBe(greeting);
    expect(heardBy(stack, upstream)).toEqual([user("hi"), assistant(greeting), user("more")]);
    const third = await openai.responses.create({ model, input: "and now?", previous_response_id: second.id });
    expect(third.previous_response_id).toBe(second.id);
    const said = [user("hi"), assistant(greeting), user("more"), assistant(greeting), user("and now?")];
    expect(heardBy(stack, upstream)).toEqual(said);
    expect(JSON.stringify(stack.backend.requests.at(-1)?.body)).not.toMatch(/Be brief|previous_response_id|hgi_/);
  });

  it.each([true, false])("keeps two answers apart that the backend gives one id (streamed: %s)", async (stream) => {
    const stack = await startOver(upstream);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const ask = (input: string, previous: string | null = null) => {
      const body = { model, input, previous_response_id: previous };
      return stream ? openai.responses.stream(body).finalResponse() : openai.responses.create(body);
    };
    await openai.responses.create({ model, input: "hi" });
    const { origin, requests } = stack.backend;
    const { path, text: body, headers } = requests[0] ?? {};
    const { "content-length": _, ...sent } = headers ?? {};
    const same = (await askDirectly(`${origin}${path}`, { body, headers: { ...sent, connection: "close" } })).json;
    stack.backend.fail({ kind: "status", status: 200, body: same });
    const first = await ask("one");
    const second = await ask("two");
    expect(second.id).not.toBe(first.id);
    await ask("and now?", first.id);
    expect(heardBy(stack, upstream)).toEqual([user("one"), assistant(greeting), user("and now?")]);
    await ask("and then?", second.id);
    expect(heardBy(stack, upstream)).toEqual([user("two"), assistant(greeting), user("and then?")]);
  });

  it("takes a tool's result for a call of an earlier response", async () => {
    const stack = await startOver(upstream);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    stack.backend.answerNext({ toolCalls: [{ name: "get_weather", arguments: { city: "Oslo" } }] });
    const first = await openai.responses.create({ model, input: "Oslo?", tools: [weather] });
    const call = itemOf(first, "function_call");
    const result = { type: "function_call_output", call_id: String(at(call, "call_id")), output: "rain" } as const;
    const next = { model, input: [result], tools: [weather], previous_response_id: first.id };
    const second = await openai.responses.create(next);
    expect(second.output_text).toBe(greeting);
    expect(heardBy(stack, upstream)).toMatchObject([
      user("Oslo?"),
      { role: "calls", calls: [{ name: "get_weather", arguments: { city: "Oslo" } }] },
      { role: "results", results: [{ output: "rain" }] },
    ]);
  });

  it("puts items in the places of their references, as the AI SDK sends them", async () => {
    const stack = await startOver(upstream);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const first = await openai.responses.create({ model, input: "hi" });
    await openai.responses.create({
      model,
      input: [
        { role: "user", content: [{ type: "input_text", text: "hi" }] },
        { type: "item_reference", id: String(at(itemOf(first, "message"), "id")) },
        { role: "user", content: [{ type: "input_text", text: "more" }] },
      ],
    });
    expect(heardBy(stack, upstream)).toEqual([user("hi"), assistant(greeting), user("more")]);
  });
});

describe.each(ways)("what is kept, asked for %s", (way) => {
  it("gives back a response as the client got it, and its input", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, way);
    const first = await openai.responses.create({ model, input: "hi", metadata: { topic: "greeting" } });
    const { output_text: _, ...sent } = first;
    expect(await openai.responses.retrieve(first.id)).toMatchObject(sent);
    const second = await openai.responses.create({ model, input: "more", previous_response_id: first.id });
    const newest = await openai.responses.inputItems.list(second.id, { limit: 2 });
    expect(newest.data).toMatchObject([{ role: "user" }, { role: "assistant" }]);
    expect(newest.has_more).toBe(true);
    const all = [];
    for await (const item of openai.responses.inputItems.list(second.id, { order: "asc", limit: 1 })) all.push(item);
    expect(all).toMatchObject([
      { role: "user", content: [{ type: "input_text", text: "hi" }] },
      { role: "assistant", id: idsOf(first.output)[0] },
      { role: "user", content: [{ type: "input_text", text: "more" }] },
    ]);
    expect(new Set(idsOf(all)).size).toBe(3);
  });

  it("forgets what is deleted", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, way);
    const { id } = await openai.responses.create({ model, input: "hi" });
    await openai.responses.delete(id);
    expect(await statusOf(openai.responses.retrieve(id))).toBe(404);
    expect(await statusOf(openai.responses.delete(id))).toBe(404);
    expect(await statusOf(openai.responses.inputItems.list(id))).toBe(404);
    expect(await statusOf(openai.responses.create({ model, input: "more", previous_response_id: id }))).toBe(404);
  });

  it("cancels nothing: nothing runs in the background", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, way);
    const { id } = await openai.responses.create({ model, input: "hi" });
    expect(await statusOf(openai.responses.cancel(id))).toBe(400);
    expect(await statusOf(openai.responses.cancel("resp_none"))).toBe(404);
  });

  it("keeps nothing that is not to be stored, streamed or not", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, way);
    const asked = { model, input: "hi", store: false };
    for (const response of [
      await openai.responses.create(asked),
      await openai.responses.stream(asked).finalResponse(),
    ]) {
      expect(at(response, "store")).toBe(false);
      expect(await statusOf(openai.responses.retrieve(response.id))).toBe(404);
    }
  });
});

describe("what cannot be gone on from", () => {
  it.each([
    [
      { input: "hi", previous_response_id: "resp_none" },
      "previous_response_not_found",
      "previous_response_id",
      "Previous response with id 'resp_none' not found.",
    ],
    [
      { input: [{ type: "item_reference" as const, id: "rs_none" }] },
      "not_found",
      "input",
      "Item with id 'rs_none' not found.",
    ],
  ])("%j is a 404, and nobody is asked", async (body, code, param, message) => {
    const stack = await startOver(chatBackend);
    const reply = await stack.gateway.ask("/v1/responses", { body: { model, ...body } });
    expect(reply.status).toBe(404);
    expect(reply.json).toEqual({ error: { type: "invalid_request_error", code, param, message } });
    expect(reply.headers["x-headgate-request-id"]).toBe(stack.gateway.receipts[0]?.id);
    expect(stack.gateway.receipts).toMatchObject([{ status: 404, outcome: "failed", attempts: [] }]);
    expect(stack.backend.requests).toEqual([]);
  });

  it("keeps no answer that broke off", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    stack.backend.failNext({ kind: "cut-after", outputs: 1 });
    let id = "";
    const reading = async (): Promise<void> => {
      for await (const event of await openai.responses.create({ model, input: "hi", stream: true })) {
        if (event.type === "response.created") id = event.response.id;
      }
    };
    await expect(reading()).rejects.toThrow();
    expect(id).toMatch(/^resp_/);
    expect(await statusOf(openai.responses.retrieve(id))).toBe(404);
  });

  it("goes by bytes: the response unused for longest is let go", async () => {
    const stack = await startOver(chatBackend, { store: createMemoryStore({ maxBytes: 40_000 }) });
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const ids: string[] = [];
    for (const letter of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
      ids.push((await openai.responses.create({ model, input: letter.repeat(2500) })).id);
    }
    const [oldest = "", newest = ""] = [ids[0], ids.at(-1)];
    expect(await statusOf(openai.responses.retrieve(oldest))).toBe(404);
    expect(await statusOf(openai.responses.retrieve(newest))).toBe(200);
    const tooLarge = await openai.responses.create({ model, input: "x".repeat(6000) });
    expect(await statusOf(openai.responses.retrieve(tooLarge.id))).toBe(404);
    expect(await statusOf(openai.responses.retrieve(newest))).toBe(200);
  });
});

describe("whose it is", () => {
  const gateway = {
    keys: [
      { id: "laptop", key: "sk-laptop" },
      { id: "server", key: "sk-server" },
    ],
  };

  it("is nobody's but the key's that made it", async () => {
    const stack = await startOver(chatBackend, { gateway });
    const mine = officialClients(stack.gateway, "over HTTP", "sk-laptop").openai;
    const theirs = officialClients(stack.gateway, "over HTTP", "sk-server").openai;
    const { id, output } = await mine.responses.create({ model, input: "hi" });
    const item = { type: "item_reference" as const, id: String(idsOf(output)[0]) };
    expect(await statusOf(theirs.responses.retrieve(id))).toBe(404);
    expect(await statusOf(theirs.responses.delete(id))).toBe(404);
    expect(await statusOf(theirs.responses.inputItems.list(id))).toBe(404);
    expect(await statusOf(theirs.responses.create({ model, input: "more", previous_response_id: id }))).toBe(404);
    expect(await statusOf(theirs.responses.create({ model, input: [item] }))).toBe(404);
    expect(await statusOf(mine.responses.create({ model, input: "more", previous_response_id: id }))).toBe(200);
  });
});

describe("over two backends", () => {
  it("goes on after a fallback to another model, and back", async () => {
    const stack = await startHybrid();
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const first = await openai.responses.create({ model: "sonnet", input: "one" });
    stack.hosted.failNext(faults.anthropic.creditsExhausted());
    const second = await openai.responses.create({ model: "sonnet", input: "two", previous_response_id: first.id });
    expect(second.output_text).toBe(localGreeting);
    const third = await openai.responses.create({ model: "sonnet", input: "three", previous_response_id: second.id });
    expect(third.output_text).toBe(first.output_text);
    const told = JSON.stringify(stack.hosted.requests.at(-1)?.body);
    for (const text of ["one", first.output_text, "two", localGreeting, "three"]) expect(told).toContain(text);
  });

  it("stays inside the boundary of the turns before", async () => {
    const stack = await startHybrid({ settings: { "models.providers.anthropic.place": "us" } });
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const local = { headers: { "x-headgate-within": "local" } };
    const first = await openai.responses.create({ model: "minimax local", input: "secret" }, local);
    const asked = stack.hosted.requests.length;
    const more = { model: "sonnet", input: "more", previous_response_id: first.id };
    const second = await openai.responses.create(more);
    expect(second.output_text).toBe(localGreeting);
    const item = { type: "item_reference" as const, id: String(idsOf(first.output)[0]) };
    expect((await openai.responses.create({ model: "sonnet", input: [item] })).output_text).toBe(localGreeting);
    expect(await statusOf(openai.responses.create({ ...more, model: "opus" }))).toBe(400);
    expect(stack.hosted.requests).toHaveLength(asked);
  });
});
