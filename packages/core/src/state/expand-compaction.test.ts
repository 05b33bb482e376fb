import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { expandCompaction, holdsCompaction, toCompactionItem } from "./expand-compaction.ts";
import { createSealBox } from "./seal-box.ts";

const box = createSealBox(new Uint8Array(32).fill(1));
const hello: JsonObject = { role: "user", content: "hello" };
const vendors: JsonObject = { type: "compaction", id: "cmp_9", encrypted_content: "gAAAAABo" };

describe("expandCompaction", () => {
  it("puts the summary in the place of the compaction", async () => {
    const item = await toCompactionItem({ summary: "We launch on Tuesday." }, "cmp_1", box);
    expect(item).toMatchObject({ type: "compaction", id: "cmp_1" });
    const text = "Summary of the conversation so far:\n\nWe launch on Tuesday.";
    expect(await expandCompaction([item, hello], box)).toEqual({
      items: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }, hello],
      within: undefined,
    });
  });

  it("leaves what a vendor compacted to the vendor", async () => {
    expect(holdsCompaction([vendors])).toBe(false);
    expect(await expandCompaction([vendors, hello], box)).toEqual({ items: [vendors, hello], within: undefined });
  });

  it("keeps the boundary of the conversation", async () => {
    const item = await toCompactionItem({ summary: "s", within: ["us", "eu"] }, "cmp_1", box);
    const other = await toCompactionItem({ summary: "s", within: ["us"] }, "cmp_2", box);
    expect(await expandCompaction([item, other], box)).toMatchObject({ within: ["us"] });
  });

  it("names the place of one that does not open", async () => {
    const foreign = await toCompactionItem({ summary: "s" }, "c", createSealBox(new Uint8Array(32)));
    const refusal = await expandCompaction([hello, foreign], box);
    expect(refusal).toMatchObject({
      status: 400,
      fault: { code: "invalid_encrypted_content", param: "input[1]", message: expect.stringContaining("input[1]") },
    });
  });

  it("counts places in the client's own input, after earlier turns", async () => {
    const broken = { type: "compaction", encrypted_content: "hgc1.AAAA" };
    expect(await expandCompaction([hello, hello, broken], box, 2)).toMatchObject({ fault: { param: "input[0]" } });
    expect(await expandCompaction([broken, hello], box, 1)).toMatchObject({ fault: { param: "previous_response_id" } });
  });

  it("opens nothing that is no compaction, whoever sealed it", async () => {
    const sealed = { type: "compaction", encrypted_content: await box.seal({ v: 2, summary: "later" }) };
    expect(await expandCompaction([sealed], box)).toMatchObject({ status: 400 });
  });
});
