import { describe, expect, it } from "vitest";
import { failureTable } from "../failure/table.ts";
import { parseDuration, parseTrouble, troubleWords } from "./trouble.ts";

describe("what somebody fails by", () => {
  it.each([
    ["529", { kind: "status", status: 529 }],
    [" 404 ", { kind: "status", status: 404 }],
    ["429:30s", { kind: "status", status: 429, retryAfter: 30_000 }],
    ["refuse", { kind: "network", trouble: "refused" }],
    ["unreachable", { kind: "network", trouble: "refused" }],
    ["connect", { kind: "network", trouble: "connect-timeout" }],
    ["hang", { kind: "silence" }],
    ["Timeout", { kind: "silence" }],
    ["overloaded", { kind: "failure", failure: "overloaded" }],
    ["refused", { kind: "failure", failure: "refused" }],
  ])("is read from %j", (text, trouble) => {
    expect(parseTrouble(text)).toEqual(trouble);
  });

  it.each(["", "200", "399", "600", "5290", "429:", "429:soon", "aborted", "overloded"])("is not %j", (text) => {
    expect(parseTrouble(text)).toBeUndefined();
  });

  it("can be every failure but the client's leaving, by a word that is told", () => {
    const kinds = Object.keys(failureTable).filter((kind) => kind !== "aborted");
    expect(troubleWords).toEqual(expect.arrayContaining(kinds));
    expect(troubleWords.map(parseTrouble)).not.toContain(undefined);
  });
});

it.each([
  ["90s", 90_000],
  ["1.5m", 90_000],
  ["90", undefined],
  ["x", undefined],
])("reads %j as a time", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
