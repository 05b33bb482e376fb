import { describe, expect, it } from "vitest";
import { createSealBox, isSealed } from "./seal-box.ts";

const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const box = createSealBox(keyOf(1));

describe("createSealBox", () => {
  it.each([{ v: 1, summary: "short" }, { text: "é🙂\u0000".repeat(20_000) }])("opens what it sealed", async (value) => {
    const sealed = await box.seal(value);
    expect(isSealed(sealed)).toBe(true);
    expect(sealed).toMatch(/^hgc1\.[\w-]+$/);
    expect(await box.open(sealed)).toEqual(value);
  });

  it("opens in another process that has the key", async () => {
    expect(await createSealBox(keyOf(1)).open(await box.seal({ a: 1 }))).toEqual({ a: 1 });
  });

  it("seals the same twice differently", async () => {
    expect(await box.seal({ a: 1 })).not.toBe(await box.seal({ a: 1 }));
  });

  it("shows nothing of what it holds", async () => {
    const sealed = await box.seal({ summary: "the secret plan" });
    expect(Buffer.from(sealed.slice(5), "base64url").toString("latin1")).not.toContain("plan");
  });

  it("opens nothing of another key's", async () => {
    expect(await createSealBox(keyOf(2)).open(await box.seal({ a: 1 }))).toBeUndefined();
  });

  it("opens nothing that was changed, wherever", async () => {
    const sealed = await box.seal({ a: 1 });
    for (let at = 5; at < sealed.length - 1; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
      expect(await box.open(changed)).toBeUndefined();
    }
  });

  it.each(["", "hgc1.", "hgc1.A", "hgc1.!!!", "hgc1.AAAA", "hg1.AAAA", "gAAAAA"])(
    "opens nothing of %j",
    async (text) => {
      expect(await box.open(text)).toBeUndefined();
    },
  );

  it("asks for a key where it comes from when it is first needed, once", async () => {
    let asked = 0;
    const late = createSealBox(async () => {
      asked++;
      return keyOf(1);
    });
    expect(asked).toBe(0);
    expect(await late.open(await box.seal({ a: 1 }))).toEqual({ a: 1 });
    expect(await box.open(await late.seal({ a: 1 }))).toEqual({ a: 1 });
    expect(asked).toBe(1);
  });

  it("says when the key cannot be had, and asks for it again", async () => {
    const keys = [
      () => Promise.reject(new Error("no such folder")),
      async () => new Uint8Array(3),
      async () => keyOf(1),
    ];
    const late = createSealBox(() => keys.shift()?.() ?? Promise.reject(new Error("asked too often")));
    const sealed = await box.seal({ a: 1 });
    await expect(late.open(sealed)).rejects.toThrow("no such folder");
    await expect(late.seal({ a: 1 })).rejects.toThrow(RangeError);
    expect(await late.open(sealed)).toEqual({ a: 1 });
  });

  it.each([0, 16, 31, 33])("wants 32 bytes of key, not %i", (length) => {
    expect(() => createSealBox(new Uint8Array(length))).toThrow(RangeError);
  });
});
