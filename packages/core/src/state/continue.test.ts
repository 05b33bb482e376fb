import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Boundary } from "../provider/index.ts";
import { refersBack, standAlone, toSent } from "./continue.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { ResponseStore } from "./store.ts";

const asked: JsonObject = { type: "message", id: "msg_hgi_1", role: "user", content: "hi" };
const thought: JsonObject = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "secret" };
const said: JsonObject = { type: "message", id: "msg_2", role: "assistant", content: [] };

function storeWith(within?: Boundary, response: JsonObject = {}): ResponseStore {
  const store = createMemoryStore();
  void store.put("key", {
    response: { id: "resp_1", output: [thought, said], ...response },
    input: [asked],
    ...(within === undefined ? {} : { within }),
  });
  return store;
}

const lookup = (...stores: ResponseStore[]) => ({ stores, owner: "key" });

describe("refersBack", () => {
  it.each<[string, JsonObject, boolean]>([
    ["a string", { input: "hi" }, false],
    ["items", { input: [asked, said, { role: "user", content: "hi" }] }, false],
    ["no earlier response", { input: "hi", previous_response_id: null }, false],
    ["an earlier response", { input: "hi", previous_response_id: "resp_1" }, true],
    ["an item by reference", { input: [{ type: "item_reference", id: "rs_1" }] }, true],
    ["an id alone", { input: [{ id: "rs_1" }] }, true],
  ])("%s: %s", (_, body, expected) => {
    expect(refersBack(body)).toBe(expected);
  });
});

describe("standAlone", () => {
  it("puts earlier input and output before what is new", async () => {
    const turn = await standAlone({ previous_response_id: "resp_1", input: "go on" }, lookup(storeWith()));
    const added = { type: "message", role: "user", content: "go on" };
    expect(turn).toEqual({ input: [asked, thought, said, added], earlier: 3, within: undefined });
  });

  it("goes on from an answer without anything new", async () => {
    const turn = await standAlone({ previous_response_id: "resp_1" }, lookup(storeWith()));
    expect(turn).toMatchObject({ input: [asked, thought, said] });
  });

  it("puts an item in the place of its reference", async () => {
    const input = [{ role: "user", content: "hi" }, { type: "item_reference", id: "rs_1" }, { id: "msg_2" }];
    const turn = await standAlone({ input }, lookup(storeWith()));
    expect(turn).toMatchObject({ input: [{ role: "user", content: "hi" }, thought, said] });
  });

  it("looks in a connection's own memory before the store", async () => {
    const memory = createMemoryStore();
    await memory.put("key", { response: { id: "resp_1", output: [] }, input: [] });
    const turn = await standAlone({ previous_response_id: "resp_1" }, lookup(memory, storeWith()));
    expect(turn).toMatchObject({ input: [] });
    const older = await standAlone({ previous_response_id: "resp_1" }, lookup(createMemoryStore(), storeWith()));
    expect(older).toMatchObject({ earlier: 3 });
  });

  it.each<[string, JsonObject]>([
    ["an earlier response", { previous_response_id: "resp_1" }],
    ["an item", { input: [{ type: "item_reference", id: "rs_1" }] }],
  ])("stays inside the boundary of %s", async (_, body) => {
    const turn = await standAlone(body, lookup(storeWith(["local", "eu"])));
    expect(turn).toMatchObject({ within: ["local", "eu"] });
  });

  it.each<[string, JsonObject, number, string | undefined, string]>([
    [
      "an unknown response",
      { previous_response_id: "resp_9", input: "hi" },
      404,
      "previous_response_id",
      "Previous response with id 'resp_9' not found.",
    ],
    [
      "an unknown item",
      { input: [{ type: "item_reference", id: "rs_9" }] },
      404,
      "input",
      "Item with id 'rs_9' not found.",
    ],
    ["a reference to nothing", { input: [{ type: "item_reference" }] }, 400, "input", "needs the id"],
    ["an id that is none", { previous_response_id: 7 }, 400, "previous_response_id", "must be a string"],
    ["an input that is none", { previous_response_id: "resp_1", input: 7 }, 400, "input", "must be a string or a list"],
  ])("refuses %s", async (_, body, status, param, message) => {
    const refusal = await standAlone(body, lookup(storeWith()));
    expect(refusal).toMatchObject({ status, fault: { param, message: expect.stringContaining(message) } });
  });

  it("names the code that clients start a conversation anew on", async () => {
    const refusal = await standAlone({ previous_response_id: "resp_9" }, lookup(storeWith()));
    expect(refusal).toMatchObject({ fault: { code: "previous_response_not_found" } });
  });

  it("finds nothing of another owner's", async () => {
    const body = { previous_response_id: "resp_1" };
    expect(await standAlone(body, { stores: [storeWith()], owner: "other" })).toMatchObject({ status: 404 });
  });

  it("leaves out reasoning that only the maker of an unstored answer could have found by its id", async () => {
    const bare = { type: "reasoning", id: "rs_2", summary: [] };
    const spoken = { type: "reasoning", id: "rs_3", summary: [], content: [{ type: "reasoning_text", text: "hm" }] };
    const output = [bare, spoken, thought, said];
    const input = async (store: boolean): Promise<unknown> =>
      standAlone({ previous_response_id: "resp_1" }, lookup(storeWith(undefined, { store, output })));
    expect(await input(false)).toMatchObject({ input: [asked, spoken, thought, said] });
    expect(await input(true)).toMatchObject({ input: [asked, ...output] });
  });
});

describe("toSent", () => {
  it("shows no backend an id that Headgate gave", () => {
    expect(toSent([asked, said])).toEqual([{ type: "message", role: "user", content: "hi" }, said]);
  });
});
