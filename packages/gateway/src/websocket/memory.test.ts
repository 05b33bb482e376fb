import type { StoredResponse } from "@headgate/core";
import { describe, expect, it } from "vitest";
import { ConnectionMemory } from "./memory.ts";

const stored = (id: string, words: string, within?: readonly ["local"]): StoredResponse => ({
  response: { id: `resp_${id}`, output: [{ id: `msg_${id}`, words }] },
  input: [{ id: `in_${id}`, words }],
  ...(within === undefined ? {} : { within }),
});

describe("a connection's memory", () => {
  it("finds responses, and their items with the boundary that they came under", () => {
    const memory = new ConnectionMemory({ responses: 2, size: 1000 });
    memory.put("", stored("a", "one"));
    memory.put("", stored("b", "two", ["local"]));
    expect(memory.get("resp_a")).toEqual(stored("a", "one"));
    expect(memory.item("in_a")).toEqual({ item: { id: "in_a", words: "one" } });
    expect(memory.item("msg_b")).toEqual({ item: { id: "msg_b", words: "two" }, within: ["local"] });
    expect([memory.get("resp_c"), memory.item("msg_c")]).toEqual([undefined, undefined]);
  });

  it("drops the oldest when there are too many, and takes one that is put again for new", () => {
    const memory = new ConnectionMemory({ responses: 2, size: 1000 });
    for (const id of ["a", "b", "a", "c"]) memory.put("", stored(id, "x"));
    expect(["a", "b", "c"].filter((id) => memory.get(`resp_${id}`) !== undefined)).toEqual(["a", "c"]);
  });

  it("drops the oldest when they are too large together, and keeps none that is too large alone", () => {
    const memory = new ConnectionMemory({ responses: 9, size: 1000 });
    memory.put("", stored("a", "x".repeat(300)));
    memory.put("", stored("b", "y".repeat(300)));
    expect([memory.get("resp_a"), memory.get("resp_b")?.response.id]).toEqual([undefined, "resp_b"]);
    memory.put("", stored("c", "z".repeat(600)));
    expect([memory.get("resp_b"), memory.get("resp_c")]).toEqual([undefined, undefined]);
    memory.put("", stored("d", "small"));
    expect(memory.get("resp_d")).toBeDefined();
  });

  it("forgets what it is told to, once", () => {
    const memory = new ConnectionMemory({ responses: 2, size: 1000 });
    memory.put("", stored("a", "one"));
    expect([memory.delete("resp_a"), memory.delete("resp_a"), memory.get("resp_a")]).toEqual([true, false, undefined]);
  });
});
