import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "@headgate/simulator";
import picocolors from "picocolors";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { main } from "../main.ts";
import type { Terminal } from "../terminal.ts";

/** Beside this, the adapters are installed. */
const bin = new URL("../../../../headgate/bin/headgate.js", import.meta.url).href;

let backend: Simulator;
let folder = "";
beforeAll(async () => {
  backend = await startSimulator({ kind: "vllm" });
});
afterAll(() => backend.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "headgate.json5");

/** Runs `headgate init` before somebody who answers so. */
async function initBefore(answers: readonly (string | undefined)[], words: readonly string[] = []) {
  const questions: string[] = [];
  const said: string[] = [];
  const outlet = {
    line: (text = "") => said.push(`${text}\n`),
    write: (text: string) => said.push(text),
    isTerminal: true,
    paint: picocolors.createColors(false),
  };
  const terminal: Terminal = {
    out: outlet,
    err: outlet,
    environment: { HOME: folder },
    workingDirectory: folder,
    ask: async (question) => {
      questions.push(question.replace(folder, ""));
      return answers[questions.length - 1];
    },
  };
  const argv = ["init", "--port", String(backend.port), ...words];
  const code = await main(argv, { from: bin, terminal });
  return { code, questions, said: said.join("") };
}

const fresh = ["Write /headgate.json5? [Y/n] "];
const over = ["/headgate.json5 is there already. Write over it? [y/N] "];

it.each<[string, boolean, string | undefined, readonly string[], readonly string[], boolean]>([
  ["yes", false, "y", [], fresh, true],
  ["nothing, which is yes", false, "", [], fresh, true],
  ["no", false, "n", [], fresh, false],
  ["something else, which is no", false, "later", [], fresh, false],
  ["by leaving, which is no", false, undefined, [], fresh, false],
  ["before the question, by --yes", false, undefined, ["--yes"], [], true],
  ["yes, of a file that is there", true, "Yes", [], over, true],
  ["nothing, which is no of a file that is there", true, "", [], over, false],
  ["no, whatever --yes says of a file that is there", true, "no", ["--yes"], over, false],
  ["before the question, by --force", true, undefined, ["--force"], [], true],
])("whoever is asked may answer %s", async (_, isThere, answer, words, asked, written) => {
  if (isThere) writeFileSync(file(), "// mine");
  const { code, questions, said } = await initBefore([answer], words);
  expect(questions).toEqual(asked);
  expect(said).toMatch(/vLLM +vllm +my-model loaded/);
  expect(code).toBe(written ? 0 : 1);
  expect(said).toContain(written ? "Wrote " : "Nothing was written.");
  expect(existsSync(file())).toBe(written || isThere);
  if (isThere) expect(readFileSync(file(), "utf8") === "// mine").toBe(!written);
});
