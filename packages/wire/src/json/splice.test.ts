import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spliceTopLevel } from "./splice.ts";

const splice = (text: string, set: Record<string, unknown>, unset: string[] = []): string =>
  spliceTopLevel(text, JSON.parse(text), { set, unset });

describe("spliceTopLevel", () => {
  it("changes the value of one key and no other byte", () => {
    expect(splice('{ "a" : 1.0,\n "model":"x/y" , "z":"\\u00e9"}', { model: "y" })).toBe(
      '{ "a" : 1.0,\n "model":"y" , "z":"\\u00e9"}',
    );
  });

  it("leaves nested keys of the same name alone", () => {
    expect(splice('{"tools":[{"model":"n"}],"s":"\\"model\\":1","model":"a"}', { model: "b" })).toBe(
      '{"tools":[{"model":"n"}],"s":"\\"model\\":1","model":"b"}',
    );
  });

  it("inserts a missing key first", () => {
    expect(splice('{"a":1}', { model: "b" })).toBe('{"model":"b","a":1}');
    expect(splice(" { } ", { model: "b" })).toBe('{"model":"b"}');
  });

  it("changes every occurrence of a repeated key, escaped spellings too", () => {
    expect(splice('{"model":"a","mod\\u0065l":"b"}', { model: "c" })).toBe('{"model":"c","mod\\u0065l":"c"}');
  });

  it("removes keys wherever they stand", () => {
    expect(splice('{"p":{"x":[1]},"a":1,"p":2}', {}, ["p"])).toBe('{"a":1}');
    expect(splice('{"p":1}', {}, ["p"])).toBe("{}");
    expect(splice('{"p":1}', { q: null }, ["p"])).toBe('{"q":null}');
    expect(splice('{"a":-1e9,"p":true}', { a: 2 }, ["p"])).toBe('{"a":2}');
  });

  it("hands back the same text when nothing changes", () => {
    const text = '{"a":1}';
    expect(spliceTopLevel(text, { a: 1 }, { set: { b: undefined }, unset: ["c"] })).toBe(text);
  });

  it("agrees with parsing, changing and writing for any object and patch", () => {
    const key = fc.oneof(fc.constantFrom("model", "stream", "a", "__proto__", 'q"\\', "é"), fc.string());
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue()),
        fc.dictionary(key, fc.jsonValue()),
        fc.array(key),
        fc.constantFrom(undefined, 1, "\t"),
        (body, set, unset, space) => {
          const text = JSON.stringify(body, undefined, space);
          const kept = unset.filter((name) => !Object.hasOwn(set, name));
          const expected = new Map(Object.entries(JSON.parse(text) as object));
          for (const name of kept) expected.delete(name);
          for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(set)) as object))
            expected.set(name, value);
          const result = new Map(Object.entries(JSON.parse(splice(text, set, kept)) as object));
          expect(result).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
