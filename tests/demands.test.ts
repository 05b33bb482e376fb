import { connect } from "node:net";
import { type Fault, faults, type SimulatorKind } from "@headgate/simulator";
import { type SseEvent, type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello } from "./harness/gateway.ts";
import { at, listAt, numberAt, parse } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const start = ({ kind, wire, model }: Upstream) =>
  startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));

const pairs = upstreams.flatMap((upstream) => textWires.map((client) => ({ client, upstream, ...upstream })));
const translated = pairs.filter(({ client, wire, exact }) => client !== wire || !exact);
const counted = { text: ["One ", "two ", "three."], usage: { input: 17, output: 6 } };

const framesOf = (events: readonly SseEvent[]): readonly unknown[] => events.map(({ data }) => parse(data));

describe("what an answer cost", () => {
  const onChat = translated.filter(({ client }) => client === "chat");

  it.each(onChat)(
    "stands in one last chunk without choices, and in no other ($kind on $wire)",
    async ({ upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      const frames = framesOf((await gateway.say("chat", { stream: true })).events).filter(
        (frame) => frame !== undefined,
      );
      const named = frames.filter((frame) => Object.hasOwn(frame as object, "usage"));
      expect(named).toEqual([frames.at(-1)]);
      expect(named[0]).toMatchObject({
        choices: [],
        usage: { prompt_tokens: 17, completion_tokens: 6, total_tokens: 23 },
      });
    },
  );

  it.each(onChat)("is told to nobody who did not ask ($kind on $wire)", async ({ upstream }) => {
    const { backend, gateway } = await start(upstream);
    backend.answer(counted);
    const { stream_options: _, ...body } = dialects.chat.writeRequest(hello, undefined, true);
    const reply = await gateway.ask("/v1/chat/completions", { body });
    expect(reply.text).not.toContain('"usage"');
    expect(framesOf(reply.events).every((frame) => frame === undefined || listAt(frame, "choices").length === 1)).toBe(
      true,
    );
    // The receipt knows it all the same.
    expect(gateway.receipts[0]?.usage).toMatchObject({ inputTokens: 17, outputTokens: 6 });
  });

  it.each(onChat)(
    "stands in a whole answer beside the fields that strict clients demand ($kind on $wire)",
    async ({ upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      const { json } = await gateway.say("chat");
      // @openrouter/sdk 1.3.19 fails where one of these is missing.
      const demanded = ["id", "object", "created", "model", "system_fingerprint"];
      expect(demanded.filter((key) => at(json, key) === undefined || at(json, key) === null)).toEqual([]);
      expect(json).toMatchObject({ usage: { prompt_tokens: 17, completion_tokens: 6 } });
    },
  );

  it.each(translated.filter(({ client }) => client === "messages"))(
    "begins at nothing on Messages: some clients add the first count to the last ($kind on $wire)",
    async ({ upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      const frames = framesOf((await gateway.say("messages", { stream: true })).events);
      const [first] = frames;
      expect(numberAt(first, "message", "usage", "output_tokens")).toBeLessThanOrEqual(1);
      const deltas = frames.filter((frame) => at(frame, "type") === "message_delta");
      expect(deltas).toMatchObject([{ usage: { output_tokens: 6 } }]);
    },
  );

  it.each(translated.filter(({ client }) => client === "responses"))(
    "stands in full in the last event of Responses, and in none before ($kind on $wire)",
    async ({ upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      const frames = framesOf((await gateway.say("responses", { stream: true })).events);
      const responses = frames.map((frame) => at(frame, "response")).filter((response) => response !== undefined);
      expect(responses.slice(0, -1).map((response) => at(response, "usage"))).toEqual([null, null]);
      expect(at(responses.at(-1), "usage")).toMatchObject({
        input_tokens: 17,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: 6,
        output_tokens_details: { reasoning_tokens: expect.any(Number) },
        total_tokens: 23,
      });
    },
  );
});

describe("the end of a stream", () => {
  it.each(translated)(
    "is said once, last of all, to a client of $client ($kind on $wire)",
    async ({ client, upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      const { events } = await gateway.say(client, { stream: true });
      const isLast: Readonly<Record<TextWire, (event: SseEvent) => boolean>> = {
        chat: ({ data }) => data === "[DONE]",
        responses: ({ data }) => data === "[DONE]",
        messages: ({ event }) => event === "message_stop",
      };
      expect(events.filter(isLast[client])).toEqual([events.at(-1)]);
      expect(events.filter(dialects[client].isTerminal)).toHaveLength(1);
    },
  );

  /** What clients wait for before they close. */
  const marks: Readonly<Record<TextWire, string>> = {
    chat: "data: [DONE]",
    responses: '"type":"response.completed"',
    messages: '"type":"message_stop"',
  };

  it.each(pairs)(
    "is the end: a client of $client that closes right there has not left ($kind on $wire)",
    async ({ client, upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      // The backend itself would never close.
      backend.fail({ kind: "hang-after", frames: 1000 });
      await closeAt(gateway, client, marks[client]);
      await vi.waitFor(() => expect(gateway.receipts).toHaveLength(1), { interval: 2 });
      expect(gateway.receipts[0]).toMatchObject({
        outcome: "ok",
        usage: { inputTokens: 17, outputTokens: 6 },
        attempts: [{ outcome: "ok" }],
      });
    },
  );

  it.each(pairs.filter(({ kind }) => kind !== "lmstudio"))(
    "comes after all else: a client of $client that closes before it has left ($kind on $wire)",
    async ({ client, upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      backend.fail({ kind: "hang-after", outputs: 2 });
      const closed = backend.nextClose();
      await closeAt(gateway, client, "two ");
      await closed;
      await vi.waitFor(() => expect(gateway.receipts).toHaveLength(1), { interval: 2 });
      expect(gateway.receipts[0]).toMatchObject({ outcome: "aborted" });
    },
  );
});

/** Asks for a stream, and destroys the connection as soon as this has been read. */
function closeAt(gateway: Gateway, client: TextWire, mark: string): Promise<void> {
  const { path, headers, writeRequest } = dialects[client];
  const body = JSON.stringify(writeRequest(hello, undefined, true));
  const lines = Object.entries({
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
  return new Promise((resolve, reject) => {
    let received = "";
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      received += chunk.toString("utf8");
      if (!received.includes(mark)) return;
      socket.destroy();
      resolve();
    });
  });
}

/** How each backend says that the input is too long: 210000 tokens where 200000 fit. */
const overflows: Readonly<Record<SimulatorKind, Fault>> = {
  anthropic: faults.anthropic.promptTooLong({ tokens: 210_000, maximum: 200_000 }),
  openai: faults.openai.contextLength({ tokens: 210_000, maximum: 200_000 }),
  "openai-compatible": faults["openai-compatible"].contextLength({ tokens: 210_000, maximum: 200_000 }),
  lmstudio: faults.lmstudio.contextOverflow({ tokens: 210_000, window: 200_000 }),
  vllm: faults.vllm.contextLength({ tokens: 210_000, maximum: 200_000 }),
  litellm: faults.litellm.contextWindow({ window: 200_000 }),
  openrouter: faults.openrouter.contextLength({ tokens: 210_000, maximum: 200_000 }),
};

/** vLLM counts no further than the window is large, and names no size of the input; LiteLLM says what its backend said. */
const uncounted: ReadonlySet<SimulatorKind> = new Set(["openai-compatible", "vllm", "litellm"]);
const uncountedWords = /^prompt is too long: .*maximum context length is 200000 /;
const countedWords = /^prompt is too long: 210000 tokens > 200000 maximum/;

/** The words that each wire's clients compact on. */
function expectOverflow(
  client: TextWire,
  kind: SimulatorKind,
  error: { readonly message: string; readonly code: string | null } | undefined,
) {
  if (client === "messages") expect(error?.message).toMatch(uncounted.has(kind) ? uncountedWords : countedWords);
  else {
    expect(error?.code).toBe("context_length_exceeded");
    expect(error?.message).toContain("maximum context length is 200000 tokens");
  }
}

describe("an input that is too long", () => {
  it.each(pairs)(
    "is told a client of $client in its own words, before a stream ($kind on $wire)",
    async ({ client, upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.fail(overflows[upstream.kind]);
      for (const stream of [true, false]) {
        const reply = await gateway.say(client, { stream });
        expect(reply.status).toBe(400);
        expectOverflow(client, upstream.kind, dialects[client].readError(reply.json));
      }
    },
  );

  /** In the middle of an answer: a model that thinks and calls may outgrow its window. */
  const said: Readonly<
    Record<SimulatorKind, { readonly message: string; readonly code?: string; readonly type?: string }>
  > = {
    anthropic: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" },
    openai: {
      code: "context_length_exceeded",
      type: "invalid_request_error",
      message:
        "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens.",
    },
    "openai-compatible": {
      type: "BadRequestError",
      message:
        "This model's maximum context length is 200000 tokens. However, your prompt contains at least 210000 input tokens.",
    },
    lmstudio: {
      message:
        "Input does not fit in context length. The input has 210000 tokens, but the context length only supports 200000 tokens.",
    },
    vllm: { type: "BadRequestError", message: "This model's maximum context length is 200000 tokens." },
    litellm: {
      type: "invalid_request_error",
      message: "litellm.ContextWindowExceededError: This model's maximum context length is 200000 tokens.",
    },
    openrouter: {
      type: "context_length_exceeded",
      message:
        "This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens.",
    },
  };

  it.each(translated)(
    "is told a client of $client in its own words, inside a stream ($kind on $wire)",
    async ({ client, upstream }) => {
      const { backend, gateway } = await start(upstream);
      backend.answer(counted);
      backend.fail({ kind: "error-frame", outputs: 1, error: said[upstream.kind] });
      const reply = await gateway.say(client, { stream: true });
      expect(reply.status).toBe(200);
      expect(reply.broken).toBe(true);
      expectOverflow(client, upstream.kind, dialects[client].readStreamError(reply.events));
      expect(gateway.receipts[0]?.failure?.kind).toBe("context_overflow");
    },
  );

  it.each(textWires)(
    "is told a client of %s by Responses as it was, when a heartbeat or output came first",
    async (client) => {
      const { backend, gateway } = await start({ kind: "openai", wire: "responses", exact: true, model: "gpt-4.1" });
      backend.fail(faults.openai.contextLengthInStream({ tokens: 210_000, maximum: 200_000 }));
      const reply = await gateway.say(client, { stream: true });
      // Nothing was said yet: the status may still be a real one.
      expect(reply.status).toBe(400);
      expectOverflow(client, "openai", dialects[client].readError(reply.json));
    },
  );
});

describe.each(textWires)("a client of %s", (wire) => {
  const credentials = [{ authorization: "Bearer sk-one" }, { "x-api-key": "sk-one" }];

  it.each(credentials)("opens the door with %j, whatever its query and headers", async (credential) => {
    const { gateway } = await startStack({ backend: { kind: "lmstudio" } }, ({ backend }) => ({
      config: {
        gateway: { keys: ["sk-one"] },
        agents: { defaults: { model: "lmstudio/minimax-m2.1-gs32" } },
        models: { providers: { lmstudio: { baseUrl: backend.baseUrl } } },
      },
    }));
    const { path, headers, writeRequest } = dialects[wire];
    const body = writeRequest({ turns: [{ role: "user", text: "long ".repeat(500_000) }] }, undefined, false);
    const reply = await gateway.ask(`${path}?beta=true&unknown=1`, {
      body,
      headers: {
        ...headers,
        ...credential,
        "x-codex-turn-metadata": "m".repeat(6000),
        "user-agent": "claude-cli/0.24.4",
      },
    });
    expect(reply.status, reply.text).toBe(200);
    const stranger = await gateway.ask(path, { body, headers: { ...headers, authorization: "Bearer sk-two" } });
    expect(stranger.status).toBe(401);
  });
});
