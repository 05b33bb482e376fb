import { describe, expect, it } from "vitest";
import { upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import type { Gateway } from "./harness/gateway.ts";
import { hostedGreeting, startHybrid } from "./harness/hybrid.ts";
import { at, type JsonObject, textAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";
import { responseOf, talk, wordsOf } from "./harness/web-socket.ts";

const notFound = {
  type: "error",
  status: 400,
  error: {
    type: "invalid_request_error",
    code: "previous_response_not_found",
    param: "previous_response_id",
    message: expect.stringMatching(/not found/),
  },
};

const first = { model: "sonnet", store: false, input: "Remember cobalt." };
const idOf = (events: readonly JsonObject[]): string => textAt(responseOf(events), "id");

/** Goes on from a response. */
const following = (events: readonly JsonObject[], input: unknown = "Which word?"): JsonObject => ({
  model: "sonnet",
  store: false,
  previous_response_id: idOf(events),
  input,
});

describe.each(upstreams)("a continuation over $kind on $wire", ({ kind, wire, model }) => {
  it("of a response that is stored nowhere sends new items alone, a tool's output too", async () => {
    const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: `${kind}/${model}` } },
        models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
      },
    }));
    backend.answerNext({ toolCalls: [{ name: "get_weather", arguments: { city: "Bonn" } }] }, { text: "Rain." });
    const parameters = { type: "object", properties: { city: { type: "string" } } };
    const turn = { store: false, tools: [{ type: "function", name: "get_weather", parameters, strict: false }] };
    const client = await talk(gateway);
    const asked = responseOf(await client.turn({ ...turn, input: "Weather in Bonn?" }));
    const result = { type: "function_call_output", call_id: at(asked, "output", 0, "call_id"), output: "rain" };
    const answered = await client.turn({ ...turn, previous_response_id: asked.id, input: [result] });
    expect(wordsOf(answered)).toBe("Rain.");
    expect(responseOf(answered).previous_response_id).toBe(asked.id);
    expect(dialects[wire].readRequest(backend.requests.at(-1)?.body).turns).toMatchObject([
      { role: "user", text: "Weather in Bonn?" },
      { role: "calls", calls: [{ name: "get_weather", arguments: { city: "Bonn" } }] },
      { role: "results", results: [{ output: "rain" }] },
    ]);
  });
});

describe("a connection's memory", () => {
  it("goes on from turn to turn", async () => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway);
    const one = await client.turn(first);
    const two = await client.turn(following(one, "b"));
    await client.turn(following(two, "c"));
    expect(dialects.messages.readRequest(hosted.requests.at(-1)?.body).turns).toEqual([
      { role: "user", text: "Remember cobalt." },
      { role: "assistant", text: hostedGreeting },
      { role: "user", text: "b" },
      { role: "assistant", text: hostedGreeting },
      { role: "user", text: "c" },
    ]);
  });

  it("is of no other connection", async () => {
    const { hosted, gateway } = await startHybrid();
    const one = await talk(gateway);
    const events = await one.turn(first);
    const other = await talk(gateway);
    expect(await other.turn(following(events))).toEqual([notFound]);
    expect(hosted.requests).toHaveLength(1);
    expect(wordsOf(await other.turn(first))).toBe(hostedGreeting);
    expect(wordsOf(await one.turn(following(events)))).toBe(hostedGreeting);
  });

  it("keeps nothing from HTTP of what is not to be stored, and shares what is", async () => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    const hidden = idOf(await client.turn(first));
    const stored = idOf(await client.turn({ ...first, store: true }));
    const get = async (id: string): Promise<number> => (await gateway.ask(`/v1/responses/${id}`)).status;
    expect([await get(hidden), await get(stored)]).toEqual([404, 200]);
    const other = await talk(gateway);
    expect(wordsOf(await other.turn({ ...first, previous_response_id: stored }))).toBe(hostedGreeting);
  });

  it("does not know an id that nobody gave", async () => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    expect(await client.turn({ ...first, previous_response_id: "resp_missing" })).toEqual([notFound]);
  });

  it("forgets a response when a turn that goes on from it fails", async () => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway);
    const events = await client.turn(first);
    hosted.fail({ kind: "status", status: 400 });
    expect(await client.turn({ ...following(events), model: "anthropic/claude-sonnet-4-5" })).toMatchObject([
      { type: "error", status: 400 },
    ]);
    hosted.heal();
    expect(await client.turn(following(events))).toEqual([notFound]);
  });

  it("keeps it when another turn fails", async () => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    const events = await client.turn(first);
    expect(await client.turn({ model: "nothing/at-all", input: "x" })).toMatchObject([{ status: 404 }]);
    expect(wordsOf(await client.turn(following(events)))).toBe(hostedGreeting);
  });

  it("holds only the last few", async () => {
    const { gateway } = await startHybrid({ webSockets: { rememberedResponses: 2 } });
    const client = await talk(gateway);
    const oldest = await client.turn(first);
    await client.turn(first);
    const latest = await client.turn(first);
    expect(await client.turn(following(oldest))).toEqual([notFound]);
    expect(wordsOf(await client.turn(following(latest)))).toBe(hostedGreeting);
  });

  it("grows no larger than gateway.maxBody", async () => {
    const { gateway } = await startHybrid({ settings: { "gateway.maxBody": "4KiB" } });
    const client = await talk(gateway);
    let last = await client.turn({ ...first, input: "x".repeat(3000) });
    last = await client.turn(following(last, "y".repeat(3000)));
    expect(await client.turn(following(last, "z"))).toEqual([notFound]);
  });
});

describe("a turn that is not to be generated", () => {
  const warm = { ...first, input: [{ role: "developer", content: "Be brief." }], generate: false };

  it("asks nobody, and the next turn goes on from it, as Codex does", async () => {
    const { hosted, gateway } = await startHybrid();
    const client = await talk(gateway);
    const events = await client.turn(warm);
    expect(events.map(({ type }) => type)).toEqual(["response.created", "response.in_progress", "response.completed"]);
    expect(responseOf(events)).toMatchObject({ status: "completed", output: [], usage: { total_tokens: 0 } });
    expect([hosted.requests, gateway.receipts]).toEqual([[], []]);
    const more = await client.turn({ ...following(events, [{ role: "user", content: "a" }]), generate: false });
    expect(wordsOf(await client.turn(following(more, [{ role: "user", content: "b" }])))).toBe(hostedGreeting);
    const { system, turns } = dialects.messages.readRequest(hosted.requests[0]?.body);
    expect([system, JSON.stringify(turns)]).toEqual(["Be brief.", expect.stringMatching(/"a.*b"/)]);
  });

  it.each([
    [
      "goes on from what is not there",
      { ...warm, previous_response_id: "resp_missing" },
      "previous_response_not_found",
    ],
    ["has no input that can be read", { ...warm, input: 7 }, "invalid_request"],
  ])("and %s is refused", async (_, body, code) => {
    const { gateway } = await startHybrid();
    const client = await talk(gateway);
    expect(await client.turn(body)).toMatchObject([{ type: "error", status: 400, error: { code } }]);
  });
});

describe("a key", () => {
  it("does not open the memory of another", async () => {
    const settings = { "gateway.keys": ["sk-one", "sk-two"] };
    const { gateway } = await startHybrid({ settings });
    const open = (key: string, to: Gateway = gateway) => talk(to, { headers: { authorization: `Bearer ${key}` } });
    const events = await (await open("sk-one")).turn({ ...first, store: true });
    expect(await (await open("sk-two")).turn(following(events))).toEqual([notFound]);
    expect(wordsOf(await (await open("sk-one")).turn(following(events)))).toBe(hostedGreeting);
  });
});
