import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { narrow } from "../admit/boundary.ts";
import { Cancellation } from "../cancellation.ts";
import type { Inbound, Outbound } from "../ports.ts";
import type { Boundary } from "../provider/index.ts";
import type { CompactWays } from "./compaction.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createSealBox } from "./seal-box.ts";
import { createResponsesState, type ResponsesState } from "./state.ts";
import type { ResponseStore } from "./store.ts";

const usage = { input_tokens: 9, output_tokens: 4, total_tokens: 13 };
const answer = (text: string): Outbound => ({
  status: 200,
  headers: { "x-headgate-request-id": "r1", "content-type": "application/json" },
  body: JSON.stringify({ output: [{ type: "message", content: [{ type: "output_text", text }] }], usage }),
});

const inboundOf = (json: JsonObject): Inbound => ({
  wire: "responses",
  headers: {},
  json,
  text: JSON.stringify(json),
  signal: new Cancellation(),
});

function createState(store: ResponseStore = createMemoryStore()): ResponsesState {
  let last = 0;
  const box = createSealBox(new Uint8Array(32).fill(1));
  return createResponsesState({ store, box, clock: { now: () => 5000 }, nextId: () => `n${++last}` });
}

interface Asked {
  readonly json: JsonObject;
  readonly within: Boundary;
}

/** Ways that take down what they are asked. */
function ways(reply: Outbound, delegated?: Outbound, own?: Boundary): CompactWays & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const note = ({ json }: Inbound, within: Boundary): number => asked.push({ json, within });
  return {
    asked,
    ask: async (inbound, within) => {
      note(inbound, within);
      return { outbound: reply, within: narrow(within, own) };
    },
    ...(delegated === undefined
      ? {}
      : {
          delegate: async (inbound: Inbound, within: Boundary) => {
            note(inbound, within);
            return delegated;
          },
        }),
  };
}

const bodyOf = ({ body }: Outbound): JsonObject => JSON.parse(String(body)) as JsonObject;
const outputOf = (outbound: Outbound): JsonObject[] => bodyOf(outbound).output as JsonObject[];

const conversation: JsonObject[] = [
  { role: "user", content: "We launch on Tuesday." },
  { type: "function_call", call_id: "c", name: "note", arguments: "{}" },
  { type: "function_call_output", call_id: "c", output: "noted" },
  { type: "message", role: "assistant", content: [{ type: "output_text", text: "Understood." }] },
];

describe("compact", () => {
  it("answers with the user's messages and a sealed summary that opens where a turn starts", async () => {
    const state = createState();
    const body = { model: "m", input: conversation, instructions: "Be brief.", prompt_cache_key: "k" };
    const model = ways(answer("The launch is on Tuesday."));
    const outbound = await state.compact(inboundOf(body), "", model);
    expect(bodyOf(outbound)).toMatchObject({ object: "response.compaction", id: "resp_n3", created_at: 5, usage });
    expect(outbound.headers).toMatchObject({ "x-headgate-request-id": "r1" });
    const output = outputOf(outbound);
    const text = { type: "input_text", text: "We launch on Tuesday." };
    expect(output).toEqual([
      { type: "message", id: "msg_hgi_n2", status: "completed", role: "user", content: [text] },
      { type: "compaction", id: "cmp_n1", encrypted_content: expect.stringMatching(/^hgc1\./) },
    ]);
    const next = await state.prepare(inboundOf({ input: [...output, { role: "user", content: "And now?" }] }), "");
    expect(next).toMatchObject({
      inbound: {
        json: {
          input: [
            { role: "user", content: [text] },
            { role: "user", content: [{ text: expect.stringContaining("The launch is on Tuesday.") }] },
            { content: "And now?" },
          ],
        },
      },
    });
  });

  it("asks the model one question without tools, with all of the conversation as text", async () => {
    const model = ways(answer("s"));
    const body = { model: "m", input: conversation, instructions: "Be brief.", prompt_cache_key: "k" };
    await createState().compact(inboundOf(body), "", model);
    const [asked] = model.asked;
    expect(Object.keys(asked?.json ?? {}).sort()).toEqual(
      ["input", "instructions", "model", "prompt_cache_key", "store", "stream"].sort(),
    );
    expect(asked?.json).toMatchObject({ model: "m", prompt_cache_key: "k", store: false, stream: false });
    const text = JSON.stringify(asked?.json.input);
    for (const part of ["Be brief.", "Tuesday", "assistant calls note", "noted", "Understood."]) {
      expect(text).toContain(part);
    }
  });

  it("compacts what a stored response leads to, inside its boundary, and keeps that boundary", async () => {
    const store = createMemoryStore();
    const response = { id: "resp_1", output: [{ type: "message", id: "msg_2", role: "assistant", content: "Yes." }] };
    const input = [{ type: "message", id: "msg_1", role: "user", content: "Is it?" }];
    await store.put("key", { response, input, within: ["local"] });
    const state = createState(store);
    const model = ways(answer("s"));
    const outbound = await state.compact(inboundOf({ model: "m", previous_response_id: "resp_1" }), "key", model);
    expect(model.asked).toMatchObject([{ within: ["local"] }]);
    expect(JSON.stringify(model.asked[0]?.json)).toContain("Is it?");
    expect(await state.prepare(inboundOf({ input: outputOf(outbound) }), "key")).toMatchObject({ within: ["local"] });
  });

  it("seals the boundary that the summary was made under", async () => {
    const state = createState();
    const model = ways(answer("s"), undefined, ["eu"]);
    const outbound = await state.compact(inboundOf({ model: "m", input: "hi" }), "", model);
    expect(await state.prepare(inboundOf({ input: outputOf(outbound) }), "")).toMatchObject({ within: ["eu"] });
  });

  it("sums up an earlier summary with what followed, and keeps it from standing there twice", async () => {
    const state = createState();
    const first = outputOf(await state.compact(inboundOf({ model: "m", input: "a" }), "", ways(answer("first"))));
    const model = ways(answer("second"));
    const outbound = await state.compact(inboundOf({ model: "m", input: first }), "", model);
    expect(JSON.stringify(model.asked[0]?.json)).toContain("Summary of the conversation so far");
    expect(outputOf(outbound).map(({ type }) => type)).toEqual(["message", "compaction"]);
  });

  it("keeps the latest of the user's own words, and no more than fit beside a summary", async () => {
    const input = ["a", "b", "c"].map((letter) => ({ role: "user", content: letter.repeat(30_000) }));
    const outbound = await createState().compact(inboundOf({ model: "m", input }), "", ways(answer("s")));
    const said = outputOf(outbound).flatMap(({ content }) => (Array.isArray(content) ? content : []));
    expect(said.map(({ text }: { text: string }) => text[0])).toEqual(["b", "c"]);
  });

  it("leaves it to a backend that has means of its own", async () => {
    const delegated: Outbound = { status: 200, headers: {}, body: "{}" };
    const backend = ways(answer("s"), delegated);
    const vendors = { type: "compaction", encrypted_content: "gAAAA" };
    const outbound = await createState().compact(inboundOf({ model: "m", input: [vendors] }), "", backend);
    expect(outbound).toBe(delegated);
    expect(backend.asked).toMatchObject([{ json: { model: "m", input: [vendors] } }]);
  });

  it("passes on why the model did not answer", async () => {
    const failed: Outbound = { status: 503, headers: {}, body: "{}" };
    expect(await createState().compact(inboundOf({ model: "m", input: "hi" }), "", ways(failed))).toBe(failed);
  });

  it("shows less of long items, not fewer items, to a model whose window is too small", async () => {
    const overflow: Outbound = { status: 400, headers: {}, body: '{"error":{"code":"context_length_exceeded"}}' };
    const input = [{ role: "user", content: `begin${"x".repeat(100_000)}end` }, ...conversation];
    const asked: string[] = [];
    const outbound = await createState().compact(inboundOf({ model: "m", input }), "", {
      ask: async ({ text }, within) => ({ outbound: asked.push(text) < 3 ? overflow : answer("s"), within }),
    });
    expect(outbound.status).toBe(200);
    expect(asked.map(({ length }) => length < 10_000)).toEqual([false, true, true]);
    for (const part of ["begin", "end", "Tuesday", "noted"]) expect(asked[2]).toContain(part);
    const hopeless = await createState().compact(inboundOf({ model: "m", input }), "", ways(overflow));
    expect(hopeless).toBe(overflow);
  });

  it("says when nothing can be sealed or opened for want of a key", async () => {
    const box = createSealBox(() => Promise.reject(new Error("read-only")));
    const tools = { store: createMemoryStore(), clock: { now: () => 0 }, nextId: () => "n" };
    const state = createResponsesState({ ...tools, box });
    const outbound = await state.compact(inboundOf({ model: "m", input: "hi" }), "", ways(answer("s")));
    expect(outbound.status).toBe(500);
    expect(String(outbound.body)).toContain("read-only");
    const sealed = outputOf(await createState().compact(inboundOf({ model: "m", input: "hi" }), "", ways(answer("s"))));
    expect(await state.prepare(inboundOf({ input: sealed }), "")).toMatchObject({ status: 500 });
  });

  it("does not pass an empty summary for one", async () => {
    const outbound = await createState().compact(inboundOf({ model: "m", input: "hi" }), "", ways(answer(" ")));
    expect(outbound.status).toBe(502);
  });

  it("counts nothing where nobody counted", async () => {
    const uncounted = { ...answer("s"), body: String(answer("s").body).replace(JSON.stringify(usage), "null") };
    const outbound = await createState().compact(inboundOf({ model: "m", input: "hi" }), "", ways(uncounted));
    expect(bodyOf(outbound)).toMatchObject({ usage: { total_tokens: 0, output_tokens_details: {} } });
  });

  it.each<[string, JsonObject, number, string]>([
    ["no model", { input: "hi" }, 400, "model"],
    ["an empty model", { model: " ", input: "hi" }, 400, "model"],
    ["a model that is no name", { model: 7, input: "hi" }, 400, "model"],
    ["nothing to compact", { model: "m" }, 400, "input"],
    ["an input that is none", { model: "m", input: 7 }, 400, "input"],
    ["an unknown response", { model: "m", previous_response_id: "resp_9" }, 404, "previous_response_id"],
    [
      "a summary it did not make",
      { model: "m", input: [{ type: "compaction", encrypted_content: "hgc1.A" }] },
      400,
      "input[0]",
    ],
    ["a vendor's summary", { model: "m", input: [{ type: "compaction", encrypted_content: "gA" }] }, 400, "input[0]"],
  ])("refuses %s, and asks nobody", async (_, body, status, param) => {
    const model = ways(answer("s"));
    const outbound = await createState().compact(inboundOf(body), "", model);
    expect({ status: outbound.status, ...bodyOf(outbound) }).toMatchObject({ status, error: { param } });
    expect(model.asked).toEqual([]);
  });
});
