import { describe, expect, test } from "vitest";
import type { JsonObject } from "../pivot/types.ts";
import { checkRequest } from "../testing/request-grammar.ts";
import { formatJson } from "./format-json.ts";
import { expectGolden, listCases, readJsonCase, strayFiles } from "./golden-file.ts";
import { everyFeature, type TranslatedRequest, translateRequest } from "./translate-case.ts";

/** The body for a plain backend, and beside it what a backend with every feature gets in another form. */
function render(plain: TranslatedRequest, full: TranslatedRequest): string {
  const differing = [...new Set([...Object.keys(plain.body), ...Object.keys(full.body)])].filter(
    (key) => JSON.stringify(plain.body[key]) !== JSON.stringify(full.body[key]),
  );
  const same = differing.length === 0 && String(full.ledger) === String(plain.ledger);
  const changes: JsonObject = Object.fromEntries(differing.map((key) => [key, full.body[key] ?? null]));
  const rest = same ? {} : { "with every feature": { ledger: full.ledger, body: changes } };
  return `${formatJson({ ledger: plain.ledger, body: plain.body, ...rest })}\n`;
}

describe("a request", () => {
  test.each(listCases("request"))("$name goes from $from to $to", (one) => {
    const body = readJsonCase(one.from, one.name, "request") ?? {};
    const plain = translateRequest(body, one.from, one.to);
    const full = translateRequest(body, one.from, one.to, everyFeature);
    expectGolden(one, "request", render(plain, full));
    expect(checkRequest(one.to, plain.body)).toEqual([]);
    expect(checkRequest(one.to, full.body, everyFeature)).toEqual([]);
  });

  test("has no expectation without a case", () => {
    expect(strayFiles("request")).toEqual([]);
  });
});
