import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spliceTopLevel } from "../json/splice.ts";
import { parseObject } from "../pivot/shape.ts";
import { type JsonObject, textWires } from "../pivot/types.ts";
import { randomRequest } from "./random-request.ts";
import { runs, type Tape, tapes } from "./tape.ts";

/** A value as some serialiser may write it: with blanks, or with escapes that need not be. */
function spell(value: unknown, tape: Tape): string {
  const text = JSON.stringify(value, null, tape.pick(["", " ", "\t", "  "])) ?? "null";
  return tape.oneIn(4) ? text.replace(/x/g, () => (tape.oneIn(3) ? "\\u0078" : "x")) : text;
}

/** A body's text, its members in any order, numbers and blanks as no program of ours would write them. */
function spellBody(body: JsonObject, tape: Tape): string {
  const blank = (): string => tape.pick(["", "", " ", "\n", "\r\n\t"]);
  const members = Object.entries({ ...body, odd: 0 }).map(([key, value]) => {
    const written = key === "odd" ? tape.pick(["1e2", "-0.0", "100000000000000000001"]) : spell(value, tape);
    return `${blank()}${JSON.stringify(key)}${blank()}:${blank()}${written}${blank()}`;
  });
  const turn = tape.below(members.length);
  return `${blank()}{${[...members.slice(turn), ...members.slice(0, turn)].join(",")}}${blank()}`;
}

const oddMember = /"odd"\s*:\s*[-0-9.e]+/;

const bodies = tapes(200).map((tape) => spellBody(randomRequest(tape.pick(textWires), tape), tape));

describe("a body that passes through", () => {
  test("keeps every byte but those of the model's name", () => {
    fc.assert(
      fc.property(bodies, (text) => {
        const parsed = parseObject(text) ?? {};
        const spliced = spliceTopLevel(text, parsed, { set: { model: "other/model" }, unset: [] });
        const [start, end] = [spliced.indexOf('"other/model"'), spliced.length - spliced.indexOf('"other/model"') - 13];
        expect(spliced.slice(0, start)).toBe(text.slice(0, start));
        expect(spliced.slice(spliced.length - end)).toBe(text.slice(text.length - end));
        expect(JSON.parse(text.slice(start, text.length - end))).toBe("x");
      }),
      { numRuns: runs(3000) },
    );
  });

  test("gets keys and loses keys, and every other member keeps its text", () => {
    fc.assert(
      fc.property(bodies, (text) => {
        const parsed = parseObject(text) ?? {};
        const patch = { set: { model: "y", added: { a: [1] } }, unset: ["stream", "tools"] };
        const { stream: _, tools: __, ...rest } = parsed;
        const spliced = spliceTopLevel(text, parsed, patch);
        expect(parseObject(spliced)).toEqual({ ...rest, model: "y", added: { a: [1] } });
        expect(spliced).toContain(oddMember.exec(text)?.[0]);
      }),
      { numRuns: runs(1000) },
    );
  });
});
