import { describe, expect, test } from "vitest";
import { isWrapped, unwrapSeal, wrapSeal } from "./seal.ts";
import type { Seal } from "./types.ts";

const raw = { wire: "messages", kind: "signature" } as const;

describe("a seal", () => {
  test.each<Seal>([
    { wire: "messages", kind: "signature", value: "EqQBCkYIBRgCKkA+/=", provider: "anthropic" },
    { wire: "responses", kind: "encrypted", value: "gAAAA_-x", provider: "openai" },
    { wire: "chat", kind: "details", value: '[{"type":"reasoning.text","text":"é\\n"}]', provider: "openrouter" },
    { wire: "messages", kind: "redacted", value: "x".repeat(100_000), provider: "anthropic" },
  ])("comes back byte for byte with its maker: $kind", (seal) => {
    const wrapped = wrapSeal(seal);
    expect(wrapped).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(isWrapped(wrapped)).toBe(true);
    expect(unwrapSeal(wrapped, raw)).toEqual(seal);
  });

  test.each(["EqQBCkYIBRgCKkA", "", "hg1.", "hg1.%%%", "hg1.bnVsbA", "hg1.WyJhIiwiYiIsImMiLCJkIl0"])(
    "%j is a bare secret of the wire that carried it",
    (text) => {
      expect(unwrapSeal(text, raw)).toEqual({ ...raw, value: text });
    },
  );
});
