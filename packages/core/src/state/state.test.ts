import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { Cancellation } from "../cancellation.ts";
import type { Inbound } from "../ports.ts";
import { createMemoryStore } from "./memory-store.ts";
import { isRefusal } from "./refusal.ts";
import { createSealBox } from "./seal-box.ts";
import { createResponsesState, type PreparedTurn, type ResponsesState } from "./state.ts";
import type { ResponseStore } from "./store.ts";

function createState(store: ResponseStore): ResponsesState {
  let last = 0;
  const box = createSealBox(new Uint8Array(32));
  return createResponsesState({ store, box, clock: { now: () => 0 }, nextId: () => `n${++last}` });
}

const inboundOf = (text: string, rest: Partial<Inbound> = {}): Inbound => ({
  wire: "responses",
  headers: {},
  json: JSON.parse(text) as JsonObject,
  text,
  signal: new Cancellation(),
  ...rest,
});

async function prepared(state: ResponsesState, inbound: Inbound): Promise<PreparedTurn> {
  const turn = await state.prepare(inbound, "key");
  if (isRefusal(turn)) throw new Error(turn.fault.message);
  return turn;
}

const responseOf = (id: string, text: string): JsonObject => ({
  id,
  output: [{ type: "message", id: `msg_${id}`, role: "assistant", content: [{ type: "output_text", text }] }],
});

describe("prepare", () => {
  it("leaves a body that stands alone as it is, byte for byte", async () => {
    const inbound = inboundOf('{ "input": "hi", "seed": 12345678901234567890 }');
    expect((await prepared(createState(createMemoryStore()), inbound)).inbound).toBe(inbound);
  });

  it("writes the conversation into the body, and leaves the rest of its text alone", async () => {
    const state = createState(createMemoryStore());
    const first = await prepared(state, inboundOf('{"input":"hi"}'));
    state.remember("key", first, responseOf("resp_1", "hello"), undefined);
    const text = '{ "previous_response_id": "resp_1", "top": 12345678901234567890, "input": "more" }';
    const inbound = inboundOf(text);
    const { inbound: second } = await prepared(state, inbound);
    const input = [
      { type: "message", role: "user", content: "hi" },
      { type: "message", id: "msg_resp_1", role: "assistant", content: [{ type: "output_text", text: "hello" }] },
      { type: "message", role: "user", content: "more" },
    ];
    expect(second.text).toBe(`{"top": 12345678901234567890,"input": ${JSON.stringify(input)}}`);
    expect(second.json).toEqual({ ...JSON.parse('{"top":12345678901234567890}'), input });
    expect(second.asked).toBe(inbound.json);
  });

  it("does not carry instructions over", async () => {
    const state = createState(createMemoryStore());
    const first = await prepared(state, inboundOf('{"input":"hi","instructions":"Be brief."}'));
    state.remember("key", first, responseOf("resp_1", "hello"), undefined);
    const second = await prepared(state, inboundOf('{"previous_response_id":"resp_1"}'));
    expect(second.inbound.json).not.toHaveProperty("instructions");
  });
});

describe("a store that fails", () => {
  it("is told of, and nothing is thrown", async () => {
    const failing = (): Promise<never> => Promise.reject(new Error("disk on fire"));
    const state = createState({ ...createMemoryStore(), get: failing, item: failing });
    const refusal = { status: 500, fault: { message: expect.stringContaining("disk on fire") } };
    expect(await state.prepare(inboundOf('{"previous_response_id":"resp_1"}'), "")).toMatchObject(refusal);
    expect(await state.prepare(inboundOf('{"input":[{"id":"msg_1"}]}'), "")).toMatchObject(refusal);
    const asked = { method: "GET", path: "/v1/responses/resp_1", query: new URLSearchParams(), owner: "" };
    expect(await state.endpoint(asked)).toMatchObject({ status: 500 });
  });
});

describe("remember", () => {
  it("keeps every input item with an id, the same through the turns", async () => {
    const store = createMemoryStore();
    const state = createState(store);
    const first = await prepared(state, inboundOf('{"input":"hi"}'));
    state.remember("key", first, responseOf("resp_1", "hello"), ["local"]);
    const text = '{"previous_response_id":"resp_1","input":[{"role":"user","content":"more"}]}';
    const second = await prepared(state, inboundOf(text));
    expect(second.within).toEqual(["local"]);
    state.remember("key", second, responseOf("resp_2", "again"), ["local"]);
    const stored = await store.get("resp_2", "key");
    expect(stored?.input.map(({ id }) => id)).toEqual(["msg_hgi_n1", "msg_resp_1", "msg_hgi_n2"]);
    expect(stored?.within).toEqual(["local"]);
  });

  it.each([
    ["{}", true, true],
    ['{"store":true}', true, true],
    ['{"store":false}', false, true],
  ])("of %s: in the store %s, in the connection's memory %s", async (text, inStore, inMemory) => {
    const [store, memory] = [createMemoryStore(), createMemoryStore()];
    const state = createState(store);
    const turn = await prepared(state, inboundOf(text, { memory }));
    expect(state.keeps(turn.inbound)).toBe(true);
    state.remember("key", turn, responseOf("resp_1", "hello"), undefined);
    expect((await store.get("resp_1", "key")) !== undefined).toBe(inStore);
    expect((await memory.get("resp_1", "key")) !== undefined).toBe(inMemory);
  });

  it("asks for no answer to be known whole that will not be kept", () => {
    const state = createState(createMemoryStore());
    expect(state.keeps(inboundOf('{"store":false}'))).toBe(false);
    expect(state.keeps(inboundOf("{}"))).toBe(true);
  });

  it.each<[string, ResponseStore["put"]]>([
    [
      "throws",
      () => {
        throw new Error("full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("full"))],
  ])("takes no harm from a store that %s", async (_, put) => {
    const state = createState({ ...createMemoryStore(), put });
    const turn = await prepared(state, inboundOf("{}"));
    expect(() => state.remember("key", turn, responseOf("resp_1", "hello"), undefined)).not.toThrow();
  });
});
