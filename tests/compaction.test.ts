import { Readable } from "node:stream";
import { faults } from "@headgate/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { upstreams } from "./harness/backends.ts";
import { type Gateway, startGateway } from "./harness/gateway.ts";
import { localGreeting, startHybrid } from "./harness/hybrid.ts";
import { at, listAt, textAt } from "./harness/json.ts";
import { heardBy, itemOf, startOver } from "./harness/memory.ts";
import { officialClients } from "./harness/official.ts";

const chatBackend = { kind: "openai-compatible", wire: "chat", exact: true, model: "my-local-model" } as const;
const model = "assistant";
const path = "/v1/responses/compact";
const conversation = [
  { role: "user", content: "We launch on Tuesday, and tell support first." },
  { type: "function_call", call_id: "c1", name: "note", arguments: '{"file":"plan.md"}' },
  { type: "function_call_output", call_id: "c1", output: "noted" },
  { role: "assistant", content: "Understood." },
];
const summary = "Launch: Tuesday. Support is told first. The plan is in plan.md.";

describe.each(upstreams)("over $kind on $wire", (upstream) => {
  it("compacts a conversation and goes on from what is left of it", async () => {
    const stack = await startOver(upstream);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    stack.backend.answerNext({ text: summary });
    const compacted = await stack.gateway.ask(path, { body: { model, input: conversation, prompt_cache_key: "k" } });
    expect(compacted.status, compacted.text).toBe(200);
    expect(compacted.headers).toMatchObject({ "x-headgate-model": `${upstream.kind}/${upstream.model}` });
    expect(compacted.json).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: "response.compaction",
      created_at: expect.any(Number),
      usage: { input_tokens: expect.any(Number), output_tokens_details: { reasoning_tokens: expect.any(Number) } },
    });
    const output = listAt(compacted.json, "output");
    expect(output.map((item) => at(item, "type"))).toEqual(["message", "compaction"]);
    expect(textAt(output, 1, "encrypted_content")).toMatch(/^hgc1\./);
    expect(compacted.text).not.toContain("The plan is in plan.md.");

    const [asked] = heardBy(stack, upstream);
    expect(asked?.role).toBe("user");
    for (const said of ["We launch on Tuesday", "plan.md", "noted", "Understood."]) {
      expect(JSON.stringify(asked)).toContain(said);
    }

    const input = [...output, { role: "user", content: "When?" }] as never;
    const next = await openai.responses.create({ model, input });
    expect(next.output_text).toBe(`Hello from ${upstream.kind}/${upstream.model}.`);
    const heard = JSON.stringify(heardBy(stack, upstream));
    for (const said of ["We launch on Tuesday", summary, "When?"]) expect(heard).toContain(said);
    expect(heard).not.toContain("hgc1.");
    const last = await openai.responses.create({ model, input: "And who?", previous_response_id: next.id });
    expect(last.status).toBe("completed");
    expect(JSON.stringify(heardBy(stack, upstream))).toContain(summary);
  });
});

/** A gateway whose backends are a function: what is asked where, and what comes back. */
async function startOverTransport(
  refs: readonly string[],
  answer: (url: string) => { readonly status: number; readonly json: unknown },
): Promise<{ readonly gateway: Gateway; readonly asked: { readonly url: string; readonly json: unknown }[] }> {
  const asked: { url: string; json: unknown }[] = [];
  const [primary, ...fallbacks] = refs;
  const row = { baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk" };
  const gateway = await startGateway({
    config: {
      agents: { defaults: { model: { primary, fallbacks } } },
      models: { providers: { openai: row, "openai-compatible": { ...row, wires: ["chat"] } } },
    },
    transport: {
      send: async ({ url, body }) => {
        asked.push({ url, json: JSON.parse(String(body)) });
        const { status, json } = answer(url);
        const bytes = new TextEncoder().encode(JSON.stringify(json));
        const headers = { "content-type": "application/json" };
        return { status, headers, body: Readable.from([bytes]) as AsyncIterable<Uint8Array> };
      },
    },
  });
  onTestFinished(() => gateway.close());
  return { gateway, asked };
}

describe("a backend with means of its own", () => {
  const vendors = { type: "compaction", id: "cmp_1", encrypted_content: "gAAAA" };
  const compacted = { id: "resp_1", object: "response.compaction", created_at: 1, output: [vendors], usage: {} };
  const completion = { choices: [{ message: { role: "assistant", content: summary }, finish_reason: "stop" }] };
  const said = {
    id: "resp_2",
    status: "completed",
    output: [{ type: "message", content: [{ type: "output_text", text: summary }] }],
  };
  const hosted = "openai/gpt-6-sol";
  const local = "openai-compatible/tiny";
  const body = { model: "default", input: conversation, prompt_cache_key: "k" };

  it("compacts by them, and its answer is the client's as it came", async () => {
    const { gateway, asked } = await startOverTransport([hosted, local], () => ({ status: 200, json: compacted }));
    const reply = await gateway.ask(path, { body });
    expect(reply.json).toEqual(compacted);
    expect(reply.headers["x-headgate-model"]).toBe(hosted);
    const sent = { ...body, model: "gpt-6-sol" };
    expect(asked).toEqual([{ url: "http://127.0.0.1:9/v1/responses/compact", json: sent }]);
    expect(gateway.receipts).toMatchObject([{ operation: "compact", served: hosted }]);
  });

  it("is not asked where another comes first", async () => {
    const { gateway, asked } = await startOverTransport([local, hosted], () => ({ status: 200, json: completion }));
    const reply = await gateway.ask(path, { body });
    expect(textAt(itemOf(reply.json, "compaction"), "encrypted_content")).toMatch(/^hgc1\./);
    expect(asked.map(({ url }) => url)).toEqual(["http://127.0.0.1:9/v1/chat/completions"]);
  });

  it("is asked for a summary like any other where they fail", async () => {
    const { gateway, asked } = await startOverTransport([hosted], (url) =>
      url.endsWith("/compact")
        ? { status: 404, json: { error: { message: "Not found" } } }
        : { status: 200, json: said },
    );
    const reply = await gateway.ask(path, { body });
    expect(textAt(itemOf(reply.json, "compaction"), "encrypted_content")).toMatch(/^hgc1\./);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual(["/v1/responses/compact", "/v1/responses"]);
  });
});

describe("POST /v1/responses/compact", () => {
  it("answers the official client", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, "in process");
    const compacted = await openai.responses.compact({ model, input: "We launch on Tuesday." });
    expect(compacted.object).toBe("response.compaction");
    expect(itemOf(compacted, "compaction")).toBeDefined();
  });

  it("compacts what an earlier response leads to", async () => {
    const stack = await startOver(chatBackend);
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const { id } = await openai.responses.create({ model, input: "We launch on Tuesday." });
    await openai.responses.compact({ model, previous_response_id: id });
    expect(JSON.stringify(heardBy(stack, chatBackend))).toContain("We launch on Tuesday.");
  });

  it("asks the next candidate where the first fails", async () => {
    const stack = await startHybrid();
    stack.hosted.failNext(faults.anthropic.creditsExhausted());
    const compacted = await stack.gateway.ask(path, { body: { model: "sonnet", input: conversation } });
    expect(compacted.status).toBe(200);
    expect(compacted.headers["x-headgate-model"]).toBe("lmstudio/minimax-m2.1-gs32");
  });

  it("keeps the boundary of a conversation sealed with its summary", async () => {
    const stack = await startHybrid({ settings: { "models.providers.anthropic.place": "us" } });
    const local = { "x-headgate-within": "local" };
    const compacted = await stack.gateway.ask(path, {
      body: { model: "minimax local", input: "a secret" },
      headers: local,
    });
    const { openai } = officialClients(stack.gateway, "over HTTP");
    const input = listAt(compacted.json, "output") as never;
    const next = await openai.responses.create({ model: "sonnet", input });
    expect(next.output_text).toBe(localGreeting);
    expect(stack.hosted.requests).toEqual([]);
  });

  it("opens nothing that was changed or sealed by another gateway", async () => {
    const sealKey = new Uint8Array(32).fill(7);
    const [stack, other] = [await startOver(chatBackend, { sealKey }), await startOver(chatBackend)];
    const compacted = await other.gateway.ask(path, { body: { model, input: "hi" } });
    const foreign = itemOf(compacted.json, "compaction") as object;
    const own = itemOf((await stack.gateway.ask(path, { body: { model, input: "hi" } })).json, "compaction");
    const changed = { type: "compaction", encrypted_content: `${textAt(own, "encrypted_content").slice(0, -4)}AAAA` };
    const asked = stack.backend.requests.length;
    for (const item of [foreign, changed]) {
      const input = [{ role: "user", content: "hi" }, item];
      for (const target of [path, "/v1/responses"]) {
        const reply = await stack.gateway.ask(target, { body: { model, input } });
        expect(reply.status).toBe(400);
        expect(reply.json).toMatchObject({
          error: { type: "invalid_request_error", param: "input[1]", message: expect.stringContaining("input[1]") },
        });
      }
    }
    expect(stack.backend.requests).toHaveLength(asked);
  });

  it("opens what another gateway with the same key has sealed", async () => {
    const sealKey = new Uint8Array(32).fill(7);
    const [stack, other] = [await startOver(chatBackend, { sealKey }), await startOver(chatBackend, { sealKey })];
    const compacted = await other.gateway.ask(path, { body: { model, input: "hi" } });
    const reply = await stack.gateway.ask("/v1/responses", { body: { model, input: at(compacted.json, "output") } });
    expect(reply.status).toBe(200);
  });

  it.each([
    ["no model", { input: "hi" }, 400, "model"],
    ["nothing to compact", { model }, 400, "input"],
    ["an unknown response", { model, previous_response_id: "resp_none" }, 404, "previous_response_id"],
  ])("refuses %s, and asks nobody", async (_, body, status, param) => {
    const stack = await startOver(chatBackend);
    const reply = await stack.gateway.ask(path, { body });
    expect(reply.status).toBe(status);
    expect(reply.json).toMatchObject({ error: { param } });
    expect(stack.backend.requests).toEqual([]);
  });

  it("says why nobody could summarise", async () => {
    const stack = await startOver(chatBackend);
    stack.backend.fail({ kind: "status", status: 429 });
    const reply = await stack.gateway.ask(path, { body: { model, input: "hi" } });
    expect(reply.status).toBe(429);
    const unknown = await stack.gateway.ask(path, { body: { model: "nobody/nothing", input: "hi" } });
    expect(unknown.status).toBe(404);
  });
});
