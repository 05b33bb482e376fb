import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "./memory-store.ts";
import type { StoredResponse } from "./store.ts";

const message = (id: string, text: string): JsonObject => ({ type: "message", id, role: "user", content: text });

function turn(id: string, input: readonly JsonObject[], output: readonly JsonObject[] = []): StoredResponse {
  return { response: { id, object: "response", output }, input };
}

function clockAt(start: number): { now: () => number; time: number } {
  const clock = { time: start, now: () => clock.time };
  return clock;
}

describe("createMemoryStore", () => {
  it("gives back what was put, and forgets what is deleted", async () => {
    const store = createMemoryStore();
    const stored = turn("resp_1", [message("msg_1", "hi")]);
    await store.put("key", stored);
    expect(await store.get("resp_1", "key")).toBe(stored);
    expect(await store.delete("resp_1", "key")).toBe(true);
    expect(await store.get("resp_1", "key")).toBeUndefined();
    expect(await store.item("msg_1", "key")).toBeUndefined();
    expect(await store.delete("resp_1", "key")).toBe(false);
  });

  it.each(["other", "", "ke"])("has nothing of one owner's for owner %j", async (owner) => {
    const store = createMemoryStore();
    await store.put("key", turn("resp_1", [message("msg_1", "hi")]));
    expect(await store.get("resp_1", owner)).toBeUndefined();
    expect(await store.get("yresp_1", owner)).toBeUndefined();
    expect(await store.item("msg_1", owner)).toBeUndefined();
    expect(await store.delete("resp_1", owner)).toBe(false);
    expect(await store.get("resp_1", "key")).toBeDefined();
  });

  it("finds items of input and output, with the boundary that they came under", async () => {
    const store = createMemoryStore();
    const [asked, said] = [message("msg_1", "hi"), message("msg_2", "hello")];
    await store.put("", { ...turn("resp_1", [asked], [said]), within: ["local"] });
    expect(await store.item("msg_1", "")).toMatchObject({ item: asked, within: ["local"] });
    expect(await store.item("msg_2", "")).toMatchObject({ item: said, within: ["local"] });
  });

  it("keeps an item for as long as one turn of the conversation holds it", async () => {
    const store = createMemoryStore();
    const [asked, said] = [message("msg_1", "hi"), message("msg_2", "hello")];
    await store.put("", turn("resp_1", [asked], [said]));
    await store.put("", turn("resp_2", [asked, said, message("msg_3", "again")]));
    await store.delete("resp_1", "");
    expect((await store.item("msg_1", ""))?.item).toBe(asked);
    await store.delete("resp_2", "");
    expect(await store.item("msg_1", "")).toBeUndefined();
  });

  it("means the latest of two items that clients gave one id", async () => {
    const store = createMemoryStore();
    const [older, newer] = [message("1", "old"), message("1", "new")];
    await store.put("", turn("resp_1", [older]));
    await store.put("", turn("resp_2", [newer]));
    expect((await store.item("1", ""))?.item).toBe(newer);
    await store.delete("resp_2", "");
    expect((await store.item("1", ""))?.item).toBe(older);
  });

  it("lets the response that was unused for longest go when its bytes are used up", async () => {
    const store = createMemoryStore({ maxBytes: 10_000 });
    for (const number of [1, 2, 3, 4]) {
      await store.put("", turn(`resp_${number}`, [message(`msg_${number}`, "x".repeat(1000))]));
    }
    await store.get("resp_1", "");
    await store.put("", turn("resp_5", [message("msg_5", "x".repeat(1000))]));
    expect(await store.get("resp_1", "")).toBeDefined();
    expect(await store.get("resp_2", "")).toBeUndefined();
    expect(await store.item("msg_2", "")).toBeUndefined();
    expect(await store.get("resp_5", "")).toBeDefined();
  });

  it("counts what the turns of a conversation share once", async () => {
    const store = createMemoryStore({ maxBytes: 20_000 });
    const long = message("msg_0", "x".repeat(1500));
    for (let number = 1; number <= 20; number++) await store.put("", turn(`resp_${number}`, [long]));
    expect(await store.get("resp_1", "")).toBeDefined();
    expect(await store.get("resp_20", "")).toBeDefined();
  });

  it("keeps no answer of more than a quarter of its bytes, and loses no other for it", async () => {
    const store = createMemoryStore({ maxBytes: 10_000 });
    await store.put("", turn("resp_1", [message("msg_1", "hi")]));
    await store.put("", turn("resp_2", [message("msg_2", "x".repeat(1250))]));
    expect(await store.get("resp_2", "")).toBeUndefined();
    expect(await store.get("resp_1", "")).toBeDefined();
  });

  it("has room again for what was deleted or replaced", async () => {
    const store = createMemoryStore({ maxBytes: 10_000 });
    for (let round = 0; round < 50; round++) {
      await store.put("", turn("resp_1", [message("msg_1", "x".repeat(1000))]));
      await store.put("", turn("resp_2", [message("msg_2", "x".repeat(1000))]));
      await store.delete("resp_2", "");
    }
    await store.put("", turn("resp_3", [message("msg_3", "x".repeat(1000))]));
    expect(await store.get("resp_1", "")).toBeDefined();
    expect(await store.get("resp_3", "")).toBeDefined();
  });

  it("forgets a response a while after its last use", async () => {
    const clock = clockAt(1000);
    const store = createMemoryStore({ maxAge: 100, clock });
    await store.put("", turn("resp_1", [message("msg_1", "hi")]));
    await store.put("", turn("resp_2", [message("msg_2", "hi")]));
    clock.time += 60;
    expect(await store.get("resp_1", "")).toBeDefined();
    clock.time += 60;
    expect(await store.get("resp_2", "")).toBeUndefined();
    expect(await store.item("msg_2", "")).toBeUndefined();
    expect(await store.get("resp_1", "")).toBeDefined();
    clock.time += 100;
    expect(await store.get("resp_1", "")).toBeUndefined();
  });
});
