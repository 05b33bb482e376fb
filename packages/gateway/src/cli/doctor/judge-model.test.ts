import type { Explanation, ModelFacts, ModelStatus, ProviderEntry } from "@headgate/core";
import { describe, expect, it } from "vitest";
import type { Examination } from "./examine.ts";
import { judgeModel, lookAtModel } from "./judge-model.ts";

const entry = {
  id: "p",
  row: { models: [{ id: "m" }] },
  models: new Map([["m", { id: "m" }]]),
  wires: new Map([["chat", "exact"]]),
  provider: { wires: { chat: "exact" }, origins: [], places: () => ["local"] },
} as unknown as ProviderEntry;

const asked: Explanation = {
  found: true,
  requested: "p/m",
  candidates: [{ ref: "p/m", places: ["local"], wires: { chat: { asked: "chat", exact: true } } }],
};

interface Given {
  readonly list?: readonly ModelFacts[];
  readonly status?: ModelStatus;
  readonly places?: readonly string[];
}

const judge = ({ list, status, places = ["local"] }: Given) => {
  const seen: Examination = {
    entry,
    plugin: undefined,
    problem: undefined,
    wanted: ["m"],
    places,
    ...(list !== undefined && { list }),
    statuses: new Map(status === undefined ? [] : [["m", status]]),
  };
  return judgeModel(lookAtModel(seen, "m", asked)).map(({ check, level, seen: said }) => `${check} ${level}: ${said}`);
};

describe("a model", () => {
  it.each<[string, Given, string | undefined]>([
    ["of a backend that gave no list", {}, undefined],
    ["that is loaded, by the list", { list: [{ id: "m", state: "loaded" }] }, "model ok: loaded"],
    ["of which no more is told", { list: [{ id: "m" }] }, "model ok: there"],
    ["that is loaded, by its own look, whatever the list says", { list: [], status: "ready" }, "model ok: loaded"],
    ["that is on its way", { list: [{ id: "m" }], status: "loading" }, "model warning: it is being loaded"],
    [
      "that is cold",
      { list: [{ id: "m", state: "loaded" }], status: "cold" },
      "model warning: not loaded: the first request waits for that",
    ],
    ["that a server of one's own lacks", { list: [{ id: "x" }] }, "model broken: its list does not name it; it has x"],
    [
      "that a hosted list leaves out",
      { list: [{ id: "x" }], places: ["us"] },
      "model warning: its list does not name it; it has x",
    ],
    ["of a server that has none", { list: [] }, "model broken: its list does not name it"],
    [
      "of a server that has many",
      { list: ["a", "b", "c", "d", "e", "f"].map((id) => ({ id })) },
      "model broken: its list does not name it; it has a, b, c, d, e …",
    ],
  ])("%s", (_, given, expected) => {
    expect(judge(given).filter((line) => line.startsWith("model "))).toEqual(expected === undefined ? [] : [expected]);
  });

  it.each<[string, Given, string | undefined]>([
    ["is said", { list: [{ id: "m", contextWindow: 32_768 }] }, "window ok: 32768 tokens"],
    ["that nobody tells is not made up", { list: [{ id: "m" }] }, undefined],
    [
      "of a cold model would be the largest, and is not taken for it",
      { list: [{ id: "m", contextWindow: 4096, state: "not-loaded" }] },
      undefined,
    ],
    [
      "that is short is a warning here",
      { list: [{ id: "m", contextWindow: 4096 }] },
      "window warning: 4096 tokens: an agent's instructions and tools alone may fill that",
    ],
    [
      "that is short is nobody's to change elsewhere",
      { list: [{ id: "m", contextWindow: 4096 }], places: ["us"] },
      "window ok: 4096 tokens",
    ],
  ])("whose window %s", (_, given, expected) => {
    expect(judge(given).filter((line) => line.startsWith("window "))).toEqual(expected === undefined ? [] : [expected]);
  });

  it("that is small is a warning here alone", () => {
    const small = { id: "m", parameters: 1e9 };
    expect(judge({ list: [small] }).filter((line) => line.startsWith("size "))).toHaveLength(1);
    expect(judge({ list: [small], places: ["us"] }).filter((line) => line.startsWith("size "))).toEqual([]);
  });
});
