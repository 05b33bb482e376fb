import { describe, expect, it } from "vitest";
import { SealMakers } from "./seal-makers.ts";

const seal = (value: string, provider?: string) => ({
  wire: "messages" as const,
  kind: "signature" as const,
  value,
  ...(provider === undefined ? {} : { provider }),
});
const secret = "EqQBCkYIBRgCKkAzz".repeat(10);

describe("the makers of seals", () => {
  it("are known by what they said, in a stream or in a whole answer", () => {
    const makers = new SealMakers();
    makers.note("messages", `data: {"delta":{"type":"signature_delta","signature":"${secret}"}}`, "lmstudio");
    makers.note("responses", `{"encrypted_content": "${secret}x"}`, "openai");
    expect(makers.judge(seal(secret), "lmstudio")).toBe("own");
    expect(makers.judge(seal(secret), "anthropic")).toBe("foreign");
    expect(makers.judge(seal(`${secret}x`), "anthropic")).toBe("foreign");
    makers.note("messages", `{"content_block":{"type":"redacted_thinking","data":"${secret}y"}}`, "anthropic");
    expect(makers.judge(seal(`${secret}y`), "anthropic")).toBe("own");
    expect(makers.judge(seal(`${secret}y`), "lmstudio")).toBe("foreign");
  });

  it("are believed where the seal names them", () => {
    const makers = new SealMakers();
    expect(makers.judge(seal(secret, "anthropic"), "anthropic")).toBe("own");
    expect(makers.judge(seal(secret, "anthropic"), "other")).toBe("foreign");
  });

  it("get the benefit of the doubt when nobody knows them", () => {
    expect(new SealMakers().judge(seal(secret), "anthropic")).toBe("own");
  });

  it("are forgotten, the oldest first, when there are very many", () => {
    const makers = new SealMakers();
    const secretOf = (index: number): string => `${secret}${index}`;
    for (let index = 0; index < 9000; index++) makers.note("messages", `"signature":"${secretOf(index)}"`, "a");
    expect(makers.judge(seal(secretOf(8999)), "b")).toBe("foreign");
    expect(makers.judge(seal(secretOf(0)), "b")).toBe("own");
  });
});
