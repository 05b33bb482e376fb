import { describe, expect, it } from "vitest";
import { receiptHeaders } from "./headers.ts";
import type { Receipt } from "./receipt.ts";

const receipt = (change: Partial<Receipt>): Receipt => ({
  id: "r1",
  time: 0,
  wire: "chat",
  stream: false,
  requested: "",
  candidates: [],
  attempts: [],
  status: 200,
  outcome: "ok",
  losses: [],
  warnings: [],
  duration: 1.26,
  ...change,
});

const attempt = { wire: "chat", place: "local", startedAt: 0, duration: 0.44 } as const;

describe("receiptHeaders", () => {
  it("tells of every attempt in order", () => {
    const attempts = [
      { ...attempt, ref: "a/x", outcome: "timeout" as const },
      { ...attempt, ref: "b/y:free", outcome: "ok" as const },
    ];
    const headers = receiptHeaders(receipt({ attempts, served: "b/y:free", requested: "Sonnet", place: "us" }));
    expect(headers).toEqual({
      "x-headgate-request-id": "r1",
      "x-headgate-model": "b/y:free",
      "x-headgate-requested": "Sonnet",
      "x-headgate-place": "us",
      "x-headgate-attempts": "a/x:timeout,b/y:free:ok",
      "server-timing": "total;dur=1.3, upstream;dur=0.4",
    });
  });

  it("percent-encodes what would break a header or our lists", () => {
    const headers = receiptHeaders(receipt({ requested: "é,\r\nset-cookie: x%\ud800" }));
    expect(headers["x-headgate-requested"]).toBe("%C3%A9%2C%0D%0Aset-cookie:%20x%25%EF%BF%BD");
  });

  it("keeps a long list of warnings whole entry by entry, and counts the rest", () => {
    const warnings = Array.from({ length: 200 }, (_, index) => `warning-${index}`);
    const value = receiptHeaders(receipt({ warnings }))["x-headgate-warnings"] ?? "";
    expect(value.length).toBeLessThan(1100);
    const entries = value.split(",");
    expect(entries.at(-1)).toBe(`...+${200 - (entries.length - 1)}`);
    expect(entries.slice(0, -1)).toEqual(warnings.slice(0, entries.length - 1));
  });
});
