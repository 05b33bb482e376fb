import { describe, expect, it } from "vitest";
import { upstreams } from "./harness/backends.ts";
import { hostedGreeting, localGreeting, opus, sonnet, startHybrid } from "./harness/hybrid.ts";
import { textAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";
import { receiptOf, responseOf, talk, wordsOf } from "./harness/web-socket.ts";

const hello = { model: "sonnet", input: "say hello to me" };

describe.each(upstreams)("a turn over $kind on $wire", ({ kind, wire, model }) => {
  it("is answered by the events of its stream, each a message", async () => {
    const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: `${kind}/${model}` } },
        models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
      },
    }));
    backend.answer({ text: ["One ", "two ", "three."] });
    const client = await talk(gateway);
    const events = await client.turn({ input: "count to three" });
    expect(events[0]?.type).toBe("response.created");
    expect(events.at(-1)?.type).toBe("response.completed");
    expect(wordsOf(events)).toBe("One two three.");
    expect(responseOf(events)).toMatchObject({ status: "completed", output: [{ type: "message" }] });
    expect(backend.requests).toMatchObject([{ wire, stream: true }]);
    expect(backend.requests[0]?.text).not.toContain("response.create");
    expect(wordsOf(await client.turn({ input: "again" }))).toBe("One two three.");
    expect(await receiptOf(gateway)).toMatchObject({ wire: "responses", stream: true, outcome: "ok" });
  });
});

describe("a turn", () => {
  it("falls back before its first output, and tells nothing of it", async () => {
    const { hosted, local, gateway } = await startHybrid({ file: "hybrid-hosted-first" });
    hosted.fail({ kind: "cut-after", outputs: 0 });
    const client = await talk(gateway);
    const events = await client.turn({ input: "hello" });
    expect(wordsOf(events)).toBe(localGreeting);
    expect(local.requests).toHaveLength(1);
    expect((await receiptOf(gateway)).attempts.at(-1)).toMatchObject({ outcome: "ok" });
    expect(hosted.requests.length).toBeGreaterThan(0);
  });

  it("calls a tool, and takes its output with the whole conversation", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.answerNext({ toolCalls: [{ name: "get_weather", arguments: { city: "Bonn" } }] }, { text: "Rain." });
    const tools = [{ type: "function", name: "get_weather", parameters: { type: "object", properties: {} } }];
    const question = { type: "message", role: "user", content: "Weather in Bonn?" };
    const client = await talk(gateway);
    const [call] = responseOf(await client.turn({ model: "sonnet", input: [question], tools })).output as object[];
    expect(call).toMatchObject({ type: "function_call", name: "get_weather", arguments: '{"city":"Bonn"}' });
    const output = { type: "function_call_output", call_id: textAt(call, "call_id"), output: "rain" };
    const events = await client.turn({ model: "sonnet", input: [question, call, output], tools });
    expect(wordsOf(events)).toBe("Rain.");
  });

  it("is bound by the headers of the upgrade", async () => {
    const { hosted, gateway } = await startHybrid({ settings: { "models.providers.anthropic.place": "us" } });
    const client = await talk(gateway, { headers: { "x-headgate-within": "local" } });
    const [error] = await client.turn({ model: sonnet, input: "hello" });
    expect(error).toMatchObject({ type: "error", status: 400, error: { type: "invalid_request_error" } });
    expect(hosted.requests).toEqual([]);
  });

  it("is strict where the upgrade was: a loss that changes the meaning is named, and nobody is asked", async () => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway, { headers: { "x-headgate-strict": "1" } });
    const [error] = await client.turn({ model: sonnet, input: "hello", tools: [{ type: "web_search" }] });
    expect(error).toMatchObject({ type: "error", status: 400, error: { type: "invalid_request_error" } });
    expect(textAt(error, "error", "message")).toContain("tools[].web_search would be dropped");
    expect(hosted.requests).toEqual([]);
    expect(wordsOf(await client.turn({ model: sonnet, input: "hello" }))).toBe(hostedGreeting);
  });

  it("that nobody can answer is the error that HTTP would be, and the connection goes on", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail({ kind: "status", status: 429, headers: { "retry-after": "40" } });
    await local.refuse();
    const client = await talk(gateway);
    const events = await client.turn(hello);
    expect(events).toEqual([
      {
        type: "error",
        status: 429,
        error: { type: "rate_limit_error", code: "rate_limit_exceeded", param: null, message: expect.any(String) },
        headers: { "retry-after": expect.stringMatching(/^\d+$/) },
      },
    ]);
    hosted.heal();
    expect(wordsOf(await client.turn(hello))).toBe(hostedGreeting);
  });

  it.each([
    ["no such model", { model: "nothing/at-all", input: "x" }, 404, "model_not_found"],
    ["a model that is no name", { model: 7, input: "x" }, 400, "invalid_request"],
  ])("with %s is refused before anybody is asked", async (_, body, status, code) => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    const [error] = await client.turn(body);
    expect(error).toMatchObject({ type: "error", status, error: { code } });
  });
});

describe("a stream that breaks after its start", () => {
  const cases = upstreams.filter(({ kind }) => kind === "openai" || kind === "anthropic");

  it.each(cases)("of $kind on $wire says so, and closes the connection", async ({ kind, wire, model }) => {
    const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: `${kind}/${model}` } },
        models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
      },
    }));
    backend.answer({ text: ["One ", "two ", "three."] });
    backend.failNext({ kind: "error-frame", outputs: 2 });
    const client = await talk(gateway);
    client.create({ input: "count" });
    client.create({ input: "this one is not answered any more" });
    expect((await client.closed).code).toBe(1011);
    expect(wordsOf(client.received)).toBe("One two ");
    const [error, failed] = client.received.slice(-2);
    expect(error).toMatchObject({ type: "error", error: { code: expect.any(String), message: expect.any(String) } });
    expect(failed).toMatchObject({ type: "response.failed", response: { status: "failed" } });
    expect(backend.requests).toHaveLength(1);
  });

  it("in the middle of an event has an error of its own", async () => {
    const { backend, gateway } = await startStack({ backend: { kind: "openai" } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: "openai/gpt-4.1" } },
        models: { providers: { openai: { baseUrl: backend.baseUrl, apiKey: "k", timeouts: { idle: "50ms" } } } },
      },
    }));
    backend.answer({ text: ["One ", "two ", "three."] });
    backend.fail({ kind: "hang-after", outputs: 1 });
    const client = await talk(gateway);
    client.create({ input: "count" });
    expect((await client.closed).code).toBe(1011);
    expect(client.received.some(({ type }) => type === "error")).toBe(true);
  });
});

describe("turns that are sent at once", () => {
  it("are answered in their order, one at a time", async () => {
    const { hosted, gateway } = await startHybrid();
    let busy = 0;
    hosted.answer(() => {
      busy = Math.max(busy, hosted.activeRequests);
      return { text: `answer ${hosted.requests.length}`, chunkDelayMs: 2 };
    });
    const client = await talk(gateway);
    for (const input of ["a", "b", "c"]) client.create({ ...hello, input });
    const answers = [await client.rest(), await client.rest(), await client.rest()];
    expect(answers.map(wordsOf)).toEqual(["answer 1", "answer 2", "answer 3"]);
    expect(hosted.requests.map(({ body }) => textAt(body, "messages", 0, "content"))).toEqual(["a", "b", "c"]);
    expect(busy).toBe(1);
  });

  it("and are too many are refused, and the others are answered", async () => {
    const { hosted, gateway } = await startHybrid({ webSockets: { queuedTurns: 2 } });
    hosted.failNext({ kind: "slow-first-byte", ms: 30 });
    const client = await talk(gateway);
    for (const input of ["runs", "waits", "waits too", "is too much"]) client.create({ ...hello, input });
    const refused = await client.next();
    expect(refused).toMatchObject({ type: "error", status: 429, error: { code: "too_many_queued_turns" } });
    const answers = [await client.rest(), await client.rest(), await client.rest()];
    expect(answers.map(wordsOf)).toEqual([hostedGreeting, hostedGreeting, hostedGreeting]);
    expect(hosted.requests).toHaveLength(3);
  });

  it("and hold too many bytes together are refused, too", async () => {
    const { hosted, gateway } = await startHybrid({ settings: { "gateway.maxBody": "2KiB" } });
    hosted.failNext({ kind: "slow-first-byte", ms: 30 });
    const client = await talk(gateway);
    for (const input of ["runs", "x".repeat(1200), "y".repeat(1200)]) client.create({ ...hello, input });
    expect(await client.next()).toMatchObject({ error: { code: "too_many_queued_turns" } });
    expect([wordsOf(await client.rest()), wordsOf(await client.rest())]).toEqual([hostedGreeting, hostedGreeting]);
  });
});

describe("a message", () => {
  const create = { type: "response.create", ...hello };

  it.each([
    ["that is no JSON", "hello", "invalid_json", null],
    ["that is a list", [create], "invalid_json", null],
    ["that is null", "null", "invalid_json", null],
    ["of bytes", Buffer.from(JSON.stringify(create)), "invalid_message", null],
    ["of no type", hello, "unknown_event_type", "type"],
    ["of another type", { ...create, type: "response.steer" }, "unknown_event_type", "type"],
    ["that wants no stream", { ...create, stream: false }, "unsupported_parameter", "stream"],
    [
      "with stream options",
      { ...create, stream_options: { include_obfuscation: false } },
      "unsupported_parameter",
      "stream_options",
    ],
    ["for the background", { ...create, background: true }, "unsupported_parameter", "background"],
    ["of a lane", { ...create, stream_id: "a" }, "unsupported_parameter", "stream_id"],
  ])("%s is refused in its turn, and the connection goes on", async (_, message, code, param) => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway);
    client.create(hello);
    client.send(message);
    client.create(hello);
    expect(wordsOf(await client.rest())).toBe(hostedGreeting);
    expect(await client.next()).toEqual({
      type: "error",
      status: 400,
      error: { type: "invalid_request_error", code, param, message: expect.stringMatching(/\w/) },
    });
    expect(wordsOf(await client.rest())).toBe(hostedGreeting);
    expect(hosted.requests).toHaveLength(2);
  });

  it.each([
    ["what holds anyway", { stream: true, background: false, stream_options: null, generate: true }],
    [
      "how it likes its summaries",
      { stream: true, stream_options: { reasoning_summary_delivery: "sequential_cutoff" } },
    ],
  ])("may say %s, as Codex does", async (_, said) => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    expect(wordsOf(await client.turn({ ...hello, ...said }))).toBe(hostedGreeting);
    expect((await receiptOf(gateway)).outcome).toBe("ok");
  });

  it("over gateway.maxBody ends the connection with 1009", async () => {
    const { hosted, gateway } = await startHybrid({ settings: { "gateway.maxBody": "1KiB" } });
    const client = await talk(gateway);
    client.create({ ...hello, input: "x".repeat(2000) });
    expect((await client.closed).code).toBe(1009);
    expect(hosted.requests).toEqual([]);
  });

  it("that is no UTF-8 ends the connection with 1007", async () => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    client.socket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false });
    expect((await client.closed).code).toBe(1007);
  });
});

describe("a client that leaves", () => {
  it.each([
    ["before the headers", { kind: "hang" }],
    ["before the first output", { kind: "hang-after", outputs: 0 }],
    ["in the middle of an endless answer", { kind: "endless", delayMs: 1 }],
  ] as const)("%s: the backend is cancelled, and what waited is never asked", async (_, fault) => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(fault);
    const client = await talk(gateway);
    client.create(hello);
    client.create(hello);
    await hosted.waitFor(({ path }) => path.startsWith("/v1/"));
    const closed = hosted.nextClose();
    client.socket.close();
    await closed;
    expect((await receiptOf(gateway)).outcome).toBe("aborted");
    expect(hosted.requests).toHaveLength(1);
    expect(local.requests).toEqual([]);
  });

  it("without a word, as one whose machine has gone: the backend is cancelled", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "hang" });
    const client = await talk(gateway);
    client.create(hello);
    await hosted.waitFor(({ path }) => path.startsWith("/v1/"));
    const closed = hosted.nextClose();
    client.socket.terminate();
    await closed;
    expect((await receiptOf(gateway)).outcome).toBe("aborted");
  });

  it("right after the last event has had a whole answer", async () => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    await client.turn(hello);
    client.socket.terminate();
    expect((await receiptOf(gateway)).outcome).toBe("ok");
  });
});

describe("refs and routes", () => {
  it.each([
    ["an alias", "opus", opus],
    ["a ref", sonnet, sonnet],
  ])("%s means over a WebSocket what it means over HTTP", async (_, model, served) => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    await client.turn({ model, input: "hello" });
    expect((await receiptOf(gateway)).served).toBe(served);
  });
});
