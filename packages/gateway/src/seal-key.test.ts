import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSealKey, SealKeyError, sealKeyFile } from "./seal-key.ts";

let parent = "";
let folder = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "headgate-seal-key-"));
  folder = join(parent, "a", "state");
});
afterEach(() => rm(parent, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("readSealKey", () => {
  it("makes a key the first time, for its owner alone", async () => {
    const key = await readSealKey(folder);
    expect(key).toHaveLength(32);
    expect(new Set(key).size).toBeGreaterThan(8);
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(folder, sealKeyFile))).toBe(0o600);
    expect(await readdir(folder)).toEqual([sealKeyFile]);
  });

  it("gives the same key ever after", async () => {
    expect(await readSealKey(folder)).toEqual(await readSealKey(folder));
  });

  it("gives one key to all that start at once", async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => readSealKey(folder)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
    expect(await readdir(folder)).toEqual([sealKeyFile]);
  });

  it("closes a file that others could read", async () => {
    await readSealKey(folder);
    await chmod(join(folder, sealKeyFile), 0o644);
    await readSealKey(folder);
    expect(await modeOf(join(folder, sealKeyFile))).toBe(0o600);
  });

  it("leaves a file that is no key alone, and says what to do", async () => {
    await readSealKey(folder);
    const file = join(folder, sealKeyFile);
    await writeFile(file, "short");
    await expect(readSealKey(folder)).rejects.toThrow(/5 bytes.*restore it, or delete it/);
    expect(await readFile(file, "utf8")).toBe("short");
  });

  it("says where a key cannot be made", async () => {
    await writeFile(join(parent, "a"), "a file");
    const failure = await readSealKey(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SealKeyError);
    expect(String(failure)).toContain(join(folder, sealKeyFile));
  });
});
