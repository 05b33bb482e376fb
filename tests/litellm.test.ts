import { type Answer, type Fault, faults, type SimModel, startSimulator } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { ask } from "./harness/ask.ts";
import { type Conversation, dialects } from "./harness/dialects/index.ts";
import { at, textAt } from "./harness/json.ts";
import { recorded, shapeOf } from "./harness/recorded.ts";
import { forms, hear, type ReserveOptions, spare, spareWords, startWithReserve } from "./harness/reserve.ts";
import type { Stack } from "./harness/stack.ts";

const ref = "litellm/my-alias";
const key = "sk-of-the-proxy";
const everyWay = textWires.flatMap((client) => forms.map(([form, stream]) => [client, form, stream] as const));

interface Setup extends ReserveOptions {
  readonly model?: Partial<SimModel>;
}

/** A LiteLLM proxy, and another server in reserve for it. */
const start = ({ model, ...options }: Setup = {}): Promise<Stack<"litellm" | "reserve">> =>
  startWithReserve(
    ref,
    {
      kind: "litellm",
      key,
      models: [
        { id: "my-alias", contextWindow: 4096, maxOutput: 512, ...model },
        { id: "embedder", type: "embeddings" },
      ],
    },
    { row: { apiKey: key }, ...options },
  );

const calls = { toolCalls: [{ name: "get_weather", arguments: ['{"city":', ' "Paris"}'] }] };
const think = { reasoning: ["\nLet me ", "ponder.\n"] };
const withTool: Conversation = { turns: [{ role: "user", text: "The weather?" }], tools: ["get_weather"] };

/** What stands in an answer of LiteLLM's because its backend said it. */
const backends = /\.usage\.|provider_specific_fields|system_fingerprint|stop_details|\.content$/;

describe("a simulated LiteLLM", () => {
  it.each<[name: string, fault?: Fault]>([
    ["chat-missing-model"],
    ["messages-missing-model"],
    ["responses-missing-model"],
    ["chat-malformed-json"],
    ["chat-wrong-key"],
    ["model-info-denied"],
    ["unknown-path"],
    ["chat-spent-budget", faults.litellm.spentBudget()],
    ["messages-spent-budget", faults.litellm.spentBudget()],
    ["chat-denied-model", faults.litellm.deniedModel({ model: "good" })],
    ["chat-cooldown", faults.litellm.cooldown({ model: "dead", seconds: 30 })],
    ["messages-cooldown-stream", faults.litellm.cooldown({ model: "dead", seconds: 30 })],
    ["chat-fallback-off", faults.litellm.serverError()],
  ])("answers as the real one did: %s", async (name, fault) => {
    const { path, sent, reply } = recorded(`litellm-1.106.2-${name}`);
    const models = ["mock", "good", "bad", "dead"].map((id) => ({ id }));
    await using litellm = await startSimulator({ kind: "litellm", models, key });
    if (fault !== undefined) litellm.fail(fault);
    const token = name === "chat-wrong-key" || name === "model-info-denied" ? "sk-wrong" : key;
    const headers = { authorization: `Bearer ${token}` };
    const body = path === "/v1/model/info" ? undefined : (sent ?? '{"model":');
    const { status, text } = await ask(litellm.origin + path, { headers, ...(body === undefined ? {} : { body }) });
    // what is in cooldown is named by a hash
    const plain = (said: string) => JSON.parse(said.replace(/cooldown_list=\['.*?'\]/, "cooldown_list"));
    expect({ status, json: plain(text) }).toEqual({ status: reply.status, json: plain(reply.text) });
  });

  it.each([
    ["chat-no-key", undefined],
    ["mock-broken-responses-stream", faults.litellm.streamStart()],
  ])("breaks down as the real one did: %s", async (name, fault) => {
    const { path, sent, reply } = recorded(`litellm-1.106.2-${name}`);
    await using litellm = await startSimulator({ kind: "litellm", key });
    if (fault !== undefined) litellm.fail(fault);
    const { status, headers, text } = await ask(litellm.origin + path, { body: sent });
    expect({ status, type: headers["content-type"], text: text.trim() }).toEqual({
      status: reply.status,
      type: reply.headers["content-type"],
      text: reply.text,
    });
  });

  it.each<[name: string, answer: Answer]>([
    ["chat", { text: "Hello." }],
    ["chat-stream", { text: ["Hel", "lo."] }],
    ["over-vllm-chat-tools-stream", { ...think, ...calls }],
    ["over-vllm-chat-tool-turn", { ...think, ...calls }],
    ["messages", { text: "Hello." }],
    ["messages-count-tokens", {}],
  ])("says all that the real one said, and nothing else: %s", async (name, answer) => {
    const { path, sent, reply } = recorded(`litellm-1.106.2-${name}`);
    await using litellm = await startSimulator({ kind: "litellm", models: [{ id: "mock" }, { id: "local" }] });
    litellm.answer(answer);
    const { status, text, headers } = await ask(litellm.origin + path, { body: sent });
    expect(status).toBe(200);
    expect(shapeOf(text, backends)).toEqual(shapeOf(reply.text, backends));
    if (name === "messages-count-tokens") return;
    const own = /^x-litellm-(?:model-(?:id|name|group)|attempted-\w+|version)$/;
    expect(
      Object.keys(headers)
        .filter((header) => own.test(header))
        .sort(),
    ).toEqual(
      Object.keys(reply.headers)
        .filter((header) => own.test(header))
        .sort(),
    );
  });

  it("writes Responses without event lines", async () => {
    const { path, sent, reply } = recorded("litellm-1.106.2-over-vllm-responses-tools-stream");
    await using litellm = await startSimulator({ kind: "litellm", models: [{ id: "local" }] });
    litellm.answer({ ...think, ...calls });
    const { text } = await ask(litellm.origin + path, { body: sent });
    const outline = (said: string) =>
      said
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => [
          line.slice(0, 6),
          /"type":"response\.[\w.]+"/.exec(line)?.[0],
          line.includes('"sequence_number":'),
        ]);
    expect(outline(text)).toEqual(outline(reply.text));
  });

  it.each([
    ["chat-error-mid-stream", 3],
    ["messages-error-mid-stream", 4],
  ] as const)("ends a stream with an error as the real one did: %s", async (name, frames) => {
    const { path, sent, reply } = recorded(`litellm-1.106.2-${name}`);
    await using litellm = await startSimulator({ kind: "litellm", models: [{ id: "mid-err" }] });
    litellm.answer({ text: ["Hel", "lo ", "and more"] });
    litellm.fail({ kind: "error-frame", frames });
    const last = (said: string) => said.trim().split("\n\n").at(-1)?.replaceAll('": ', '":').replaceAll(', "', ',"');
    const { text } = await ask(litellm.origin + path, { body: sent });
    expect(last(text)).toBe(last(reply.text));
  });
});

describe.each(textWires)("LiteLLM, asked by a client of %s", (client) => {
  const { path, readWhole, readStream } = dialects[client];

  it.each(forms)("answers on that wire, and is told to leave repeats and fallbacks alone, %s", async (_, stream) => {
    const { litellm, gateway } = await start();
    const reply = await gateway.say(client, { stream });
    const said = stream ? readStream(reply.events) : readWhole(reply.json);
    expect(said).toMatchObject({ text: "Hello from litellm/my-alias.", finish: "stop" });
    expect(litellm.requests).toMatchObject([
      { path, body: { model: "my-alias", num_retries: 0, disable_fallbacks: true } },
    ]);
    expect(reply.headers).toMatchObject({ "x-headgate-place": "unknown", "x-headgate-attempts": `${ref}:ok` });
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
    expect(gateway.receipts[0]?.servedModel).toBe("hosted_vllm/my-alias");
  });

  it.each(forms)("calls a tool and answers the result, %s", async (_, stream) => {
    const { litellm, gateway } = await start();
    litellm.answerNext({ ...think, ...calls }, { text: "It is sunny." });
    const first = await gateway.say(client, { stream, conversation: withTool });
    const asked = stream ? readStream(first.events) : readWhole(first.json);
    expect(asked.calls).toMatchObject([{ name: "get_weather", arguments: { city: "Paris" } }]);
    const results = asked.calls.map(({ id }) => ({ id, output: "sunny" }));
    const turns = [...withTool.turns, { role: "calls", calls: asked.calls }, { role: "results", results }] as const;
    const second = await gateway.say(client, { stream, conversation: { ...withTool, turns } });
    expect((stream ? readStream(second.events) : readWhole(second.json)).text).toBe("It is sunny.");
  });

  it.each(forms)("that fell back all the same is a warning, %s", async (_, stream) => {
    const { litellm, gateway } = await start();
    litellm.answer({ text: "Hi.", model: "another" });
    await gateway.say(client, { stream });
    expect(gateway.receipts[0]).toMatchObject({
      servedModel: "hosted_vllm/another",
      warnings: ["asked for my-alias, LiteLLM fell back to another (deployment deployment-of-another)"],
    });
  });
});

/** What LiteLLM says, and who is asked then. */
const failures: readonly [name: string, fault: Fault, attempts: string][] = [
  ["an overflow", faults.litellm.contextWindow(), "context_overflow"],
  ["a limit beyond every window", faults.litellm.maxTokensTooLarge({ maximum: 1 }), "unsupported unsupported"],
  ["a limited backend", faults.litellm.rateLimited(), "rate_limited"],
  ["a limited key", faults.litellm.keyRateLimited(), "rate_limited"],
  ["a cooldown", faults.litellm.cooldown(), "overloaded"],
  ["a spent budget", faults.litellm.spentBudget(), "quota_exhausted"],
  ["a spent budget of the backend", faults.litellm.upstreamQuota(), "quota_exhausted"],
  ["a model that the key may not use", faults.litellm.deniedModel(), "forbidden"],
  ["an expired key", faults.litellm.expiredKey(), "unauthenticated"],
  ["a wrong key", faults.litellm.unauthenticated(), "unauthenticated"],
  ["no key", faults.litellm.noKey(), "unauthenticated"],
  ["a wrong key behind it", faults.litellm.upstreamKey(), "unauthenticated"],
  ["an unknown alias", faults.litellm.modelNotFound(), "model_missing"],
  ["an alias of an unknown model", faults.litellm.upstreamMissingModel(), "model_missing"],
  ["a backend that is not there", faults.litellm.unreachable(), "unreachable"],
  ["a backend that breaks", faults.litellm.serverError(), "bad_answer bad_answer"],
  ["an event stream with a status of its own", faults.litellm.streamStart(), "bad_answer bad_answer"],
  ["an error in its stream", { kind: "error-frame", outputs: 0 }, "bad_answer bad_answer"],
  ["an error in a 200", { kind: "error-in-200" }, "bad_answer bad_answer"],
];

describe.each(failures)("after %s", (_, fault, attempts) => {
  it.each(everyWay)("another server answers a client of %s, %s", async (client, _form, stream) => {
    const { litellm, gateway } = await start();
    litellm.fail(fault);
    const heard = await hear(gateway, client, stream);
    expect(heard.text).toBe(spareWords);
    const failed = attempts.split(" ").map((kind) => `${ref}:${kind}`);
    expect(heard.attempts).toBe([...failed, `${spare}:ok`].join(","));
  });
});

describe("LiteLLM", () => {
  it.each(textWires)("that breaks off in the middle is an error to a client of %s", async (client: TextWire) => {
    const { litellm, gateway } = await start();
    litellm.fail({ kind: "error-frame", outputs: 1 });
    const reply = await gateway.say(client, { stream: true });
    expect(dialects[client].readStreamError(reply.events)?.message ?? reply.text).toContain("engine died");
  });

  it("says how long a cooldown lasts, and that is told a client that nobody else can help", async () => {
    const { litellm, gateway } = await start();
    litellm.fail(faults.litellm.cooldown({ seconds: 23 }));
    const reply = await gateway.say("chat", { model: ref });
    expect(reply.status).toBe(503);
    expect(reply.headers["retry-after"]).toBe("23");
  });

  it("is asked once more with a limit that fits the model behind it", async () => {
    const { litellm, gateway } = await start();
    litellm.failNext(faults.litellm.maxTokensTooLarge({ tokens: 32_000, maximum: 2048 }));
    const conversation = { turns: [{ role: "user", text: "hi" }], maxTokens: 32_000 } as const;
    const reply = await gateway.say("chat", { conversation });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:unsupported,${ref}:ok`);
    expect(litellm.requests[1]?.body).toMatchObject({ max_tokens: 2048 });
  });

  it("is told by no client who answers, where and how often", async () => {
    const { litellm, gateway } = await start();
    const messages = [{ role: "user", content: "hi" }];
    const own = { num_retries: 9, fallbacks: ["other"], api_base: "http://evil", user_config: {}, tags: ["a"] };
    const reply = await gateway.ask("/v1/chat/completions", { body: { model: ref, messages, ...own } });
    expect(litellm.requests[0]?.body).toEqual({
      model: "my-alias",
      messages,
      tags: ["a"],
      num_retries: 0,
      disable_fallbacks: true,
    });
    for (const field of ["num_retries", "fallbacks", "api_base", "user_config"]) {
      expect(reply.headers["x-headgate-warnings"]).toContain(`dropped:${field}`);
    }
  });

  it("runs nowhere that is known, unless its row says so", async () => {
    const within = { headers: { "x-headgate-within": "local" } };
    const { litellm, gateway } = await start();
    expect((await gateway.say("chat", within)).headers["x-headgate-model"]).toBe(spare);
    expect(litellm.requests).toEqual([]);
    const declared = await start({ row: { apiKey: key, place: "local" } });
    expect((await declared.gateway.say("chat", within)).headers["x-headgate-model"]).toBe(ref);
  });

  describe("whose row says where deployments run", () => {
    const here = { "deployment-of-my-alias": "us", "deployment-of-another": "de" };
    const startPlaced = (places: Readonly<Record<string, string>>) => start({ row: { apiKey: key, places } });
    const asked = ({ requests }: { readonly requests: readonly { readonly path: string }[] }) =>
      requests.map(({ path }) => path);
    const within = { headers: { "x-headgate-within": "us" } };

    it.each(everyWay)("is asked where all of an alias run inside (%s, %s)", async (client, _form, stream) => {
      const { litellm, gateway } = await startPlaced(here);
      const reply = await gateway.say(client, { stream, ...within });
      expect(reply.headers).toMatchObject({ "x-headgate-model": ref, "x-headgate-place": "us" });
      expect(gateway.receipts[0]).toMatchObject({ upstream: "deployment-of-my-alias", warnings: [] });
      expect(asked(litellm)).toEqual(["/v1/models", "/v1/model/info", dialects[client].path]);
    });

    it.each<[string, Readonly<Record<string, string>>]>([
      ["outside", { "deployment-of-my-alias": "de" }],
      ["nobody knows where", { "deployment-of-another": "us" }],
    ])("sends nothing where one of them runs %s", async (_, places) => {
      const { litellm, gateway } = await startPlaced(places);
      expect((await gateway.say("chat", within)).headers["x-headgate-model"]).toBe(spare);
      expect(asked(litellm)).toEqual(["/v1/models", "/v1/model/info"]);
    });

    it("is loud where another deployment answers, and is asked for nothing more", async () => {
      const { litellm, gateway } = await startPlaced(here);
      litellm.answer({ text: "Hi.", model: "another" });
      const message = "the deployment deployment-of-another answered, which is none of those within us";
      await gateway.say("chat", within);
      expect(gateway.receipts[0]?.warnings).toContain(message);
      expect(gateway.notices).toContainEqual({ kind: "blocked", provider: "litellm", message });
      expect((await gateway.say("chat", within)).headers["x-headgate-model"]).toBe(spare);
      expect(asked(litellm)).toHaveLength(3);
    });

    it("is asked as ever without a boundary, and nobody is looked up", async () => {
      const { litellm, gateway } = await startPlaced(here);
      expect((await gateway.say("chat")).headers["x-headgate-place"]).toBe("unknown");
      expect(asked(litellm)).toEqual(["/v1/chat/completions"]);
    });
  });

  it("needs a key, of the row or of the environment, and is shown it as a bearer", async () => {
    const without = await start({ row: {} });
    expect((await without.gateway.say("chat")).headers["x-headgate-model"]).toBe(spare);
    expect(without.litellm.requests).toEqual([]);
    const { litellm, gateway } = await start({ row: {}, environment: { LITELLM_API_KEY: key } });
    expect((await gateway.say("chat")).headers["x-headgate-model"]).toBe(ref);
    expect(litellm.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it("counts, and says of its count that it may be an estimate", async () => {
    const { litellm, gateway } = await start();
    const body = { model: ref, messages: [{ role: "user", content: "say hello to me" }] };
    const counted = await gateway.ask("/v1/messages/count_tokens", { body, headers: dialects.messages.headers });
    expect(counted.json).toEqual({ input_tokens: 4, litellm_count_source: "local_estimate" });
    expect(litellm.requests[0]?.body).not.toHaveProperty("num_retries");
  });

  it("embeds and completes", async () => {
    const { litellm, gateway } = await start();
    const vectors = await gateway.ask("/v1/embeddings", { body: { model: "litellm/embedder", input: "hi" } });
    expect(at(vectors.json, "data", 0, "embedding")).toEqual(expect.any(Array));
    const rest = await gateway.ask("/v1/completions", { body: { model: ref, prompt: "hi" } });
    expect(textAt(rest.json, "choices", 0, "text")).toBe("Hello from litellm/my-alias.");
    expect(litellm.requests.map(({ body }) => at(body, "disable_fallbacks"))).toEqual([true, true]);
  });

  it("lists its aliases with windows and prices, and asks no model for it", async () => {
    const { litellm, gateway } = await start();
    const models = await gateway.router.providers.get("litellm")?.provider?.models?.(async (url) => {
      const { status, headers, json, text } = await ask(url, { headers: { authorization: `Bearer ${key}` } });
      return { status, headers, json, text };
    }, []);
    expect(models).toEqual([
      { id: "my-alias", contextWindow: 4096, maxTokens: 512, tools: true, cost: { input: 1, output: 2 } },
    ]);
    expect(litellm.requests.map(({ path }) => path)).toEqual(["/v1/models", "/v1/model/info"]);
  });
});
