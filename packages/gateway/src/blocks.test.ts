import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { blocksFile, openBlocks } from "./blocks.ts";

let parent = "";
let folder = "";
let faults: unknown[] = [];
let time = 0;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "headgate-blocks-"));
  folder = join(parent, "a", "state");
  faults = [];
  time = 0;
});
afterEach(async () => {
  await rm(parent, { recursive: true });
  expect(faults).toHaveLength(0);
});

const open = () =>
  openBlocks(
    folder,
    (error) => faults.push(error),
    () => time,
  );
const block = { reason: "an answer came from elsewhere", since: 1 };

it("blocks nobody, and writes nothing, before there is a reason", async () => {
  expect(open().get("openrouter")).toBeUndefined();
  await expect(stat(folder)).rejects.toThrow("ENOENT");
});

it("keeps a block over a restart, in a file for its owner alone", async () => {
  open().set("openrouter", block);
  expect(open().get("openrouter")).toEqual(block);
  expect(open().get("other")).toBeUndefined();
  expect((await stat(join(folder, blocksFile))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it("notices within a second that another process has taken a block away", () => {
  const serving = open();
  serving.set("openrouter", block);
  serving.set("other", block);
  expect(open().clear("openrouter")).toBe(true);
  expect(serving.get("openrouter")).toEqual(block);
  time = 1000;
  expect(serving.get("openrouter")).toBeUndefined();
  expect(serving.get("other")).toEqual(block);
  expect(open().clear("openrouter")).toBe(false);
});

it("adds to what another process has written", () => {
  const first = open();
  open().set("one", block);
  first.set("two", block);
  const all = open();
  expect([all.get("one"), all.get("two")]).toEqual([block, block]);
});

it("goes on with what it knows where the file is none, and says so", async () => {
  const serving = open();
  serving.set("openrouter", block);
  await writeFile(join(folder, blocksFile), "{");
  time = 1000;
  expect(serving.get("openrouter")).toEqual(block);
  expect(faults.splice(0)).toEqual([expect.any(SyntaxError)]);
});

it("survives names and entries that are odd", async () => {
  open().set("__proto__", block);
  expect(open().get("__proto__")).toEqual(block);
  await writeFile(join(folder, blocksFile), '{"a":1,"b":{"reason":2},"c":{"reason":"x","since":0}}');
  const read = open();
  expect([read.get("a"), read.get("b"), read.get("c")?.reason]).toEqual([undefined, undefined, "x"]);
  expect(await readFile(join(folder, blocksFile), "utf8")).toContain('"c"');
});
