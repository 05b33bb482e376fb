import { globSync, readFileSync } from "node:fs";
import type { TextWire } from "../pivot/types.ts";
import type { Corpus } from "./fuzz-case.ts";

const cases = new URL("../golden/cases/", import.meta.url);

/** The golden cases of a wire: all that a body or a stream of it may hold. */
export function readCorpus(wire: TextWire): Corpus {
  const read = (ending: string): string[] =>
    globSync(`${wire}/*.${ending}`, { cwd: cases })
      .sort()
      .map((file) => readFileSync(new URL(file.replaceAll("\\", "/"), cases), "utf8"));
  return { requests: read("request.json"), answers: read("answer.json"), streams: read("stream.txt") };
}
