import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Boundary } from "../provider/index.ts";
import { isInside, narrow, parseBoundary } from "./boundary.ts";

describe("isInside", () => {
  it.each<[string, Boundary, boolean]>([
    ["local", ["us"], true],
    ["local", [], true],
    ["unknown", ["us", "eu", "local"], false],
    ["unknown", undefined, true],
    ["us", ["us"], true],
    ["us", ["eu"], false],
    ["de", ["eu"], true],
    ["gb", ["eu"], false],
    ["eu", ["de"], false],
    ["eu", ["eu"], true],
    ["us", ["local"], false],
  ])("%s inside %j is %s", (place, within, expected) => {
    expect(isInside(place, within)).toBe(expected);
  });
});

describe("narrow", () => {
  const places = fc.constantFrom("local", "unknown", "us", "eu", "de", "fr", "gb");
  const boundary = fc.option(fc.array(fc.constantFrom("local", "us", "eu", "de", "fr", "gb")), { nil: undefined });

  it("lets in exactly what both let in", () => {
    fc.assert(
      fc.property(boundary, boundary, places, (outer, inner, place) => {
        expect(isInside(place, narrow(outer, inner))).toBe(isInside(place, outer) && isInside(place, inner));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("parseBoundary", () => {
  it("reads places in any case and spacing", () => {
    expect(parseBoundary(" US , local,eu")).toEqual(["us", "local", "eu"]);
  });

  it.each(["", "unknown", "usa", "us;eu", "us,"])("refuses %j rather than guess", (text) => {
    expect(parseBoundary(text)).toBeUndefined();
  });
});
