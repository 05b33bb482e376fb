import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { type JsonObject, type TextWire, textWires } from "../pivot/types.ts";

const folder = new URL("./", import.meta.url);

/** Writes what is found in place of what is expected; every written file has to be read before it is kept. */
const updating = process.env.UPDATE_GOLDEN === "1";

/** What one file of `cases` holds. */
export type Mode = "request" | "answer" | "stream";

const extensions = {
  request: "request.json",
  answer: "answer.json",
  stream: "stream.txt",
} as const satisfies Record<Mode, string>;

/** A case of one wire, on its way to another. */
export interface GoldenCase {
  readonly name: string;
  readonly from: TextWire;
  readonly to: TextWire;
}

/** Every case of a mode, to every wire. */
export const listCases = (mode: Mode): GoldenCase[] =>
  textWires.flatMap((from) =>
    globSync(`cases/${from}/*.${extensions[mode]}`, { cwd: folder })
      .map((file) => file.slice(file.lastIndexOf("/") + 1, -extensions[mode].length - 1))
      .sort()
      .flatMap((name) => textWires.map((to) => ({ name, from, to }))),
  );

/** The input of a case; `undefined` where the wire has no such case. */
export function readCase(wire: TextWire, name: string, mode: Mode): string | undefined {
  const file = new URL(`cases/${wire}/${name}.${extensions[mode]}`, folder);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The same, parsed. */
export function readJsonCase(wire: TextWire, name: string, mode: "request" | "answer"): JsonObject | undefined {
  const text = readCase(wire, name, mode);
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
}

const expectedPath = ({ name, from, to }: GoldenCase, mode: Mode): string =>
  `expected/${from}-to-${to}/${name}.${extensions[mode]}`;

/** Compares with the file, or writes it. */
export function expectGolden(one: GoldenCase, mode: Mode, found: string): void {
  const path = expectedPath(one, mode);
  const file = new URL(path, folder);
  if (updating) {
    mkdirSync(new URL("./", file), { recursive: true });
    writeFileSync(file, found);
  }
  expect(existsSync(file), `${path} is missing: run with UPDATE_GOLDEN=1, and read what it writes`).toBe(true);
  expect(found, path).toBe(readFileSync(file, "utf8"));
}

/** Expectations whose case is gone. */
export function strayFiles(mode: Mode): string[] {
  const wanted = new Set(listCases(mode).map((one) => expectedPath(one, mode)));
  const stray = globSync(`expected/*/*.${extensions[mode]}`, { cwd: folder })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !wanted.has(file));
  if (updating) for (const file of stray) rmSync(new URL(file, folder));
  return updating ? [] : stray;
}
