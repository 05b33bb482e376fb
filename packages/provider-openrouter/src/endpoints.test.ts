import { describe, expect, test } from "vitest";
import { placeOfTag } from "./cloud-regions.ts";
import { readCountries, readEndpoints, runsInside, tierOf } from "./endpoints.ts";

const provider = (slug: string, headquarters: unknown, datacenters: unknown) => ({ slug, headquarters, datacenters });

/** As OpenRouter listed them in the middle of 2026, and forms that a list may have. */
const countries = readCountries({
  data: [
    provider("openai", "US", null),
    provider("novita", "US", null),
    provider("moonshotai", "SG", ["SG"]),
    provider("alibaba", "SG", ["SG", "CN"]),
    provider("parasail", "US", ["US", "US"]),
    provider("nebius", "NL", ["FI", "FR"]),
    provider("german-seat", "DE", ["US"]),
    provider("american-seat", "US", ["DE"]),
    provider("unknown-seat", null, ["US"]),
    provider("no-centers", "US", []),
    provider("half-known", "US", ["US", null]),
    provider("odd", "US", "US"),
    { headquarters: "US", datacenters: ["US"] },
  ],
});

const endpoint = (tag: unknown, name: unknown = "Someone") => ({ tag, provider_name: name });
const read = (tags: readonly unknown[], told: Record<string, readonly string[]> = {}) =>
  readEndpoints({ data: { endpoints: tags.map((tag) => endpoint(tag)) } }, countries, new Map(Object.entries(told)));

describe("where an endpoint runs", () => {
  test.each<[string, readonly string[] | undefined, string | undefined]>([
    ["parasail/fp8", ["us"], "us"],
    ["parasail", ["us"], "us"],
    ["nebius/fp8", ["fi", "fr"], "nl"],
    ["moonshotai/mxfp4", ["sg"], "sg"],
    ["alibaba", ["sg", "cn"], "sg"],
    // a cloud's region speaks for itself, whoever lists no data centres
    ["google-vertex/us-east5", ["us"], undefined],
    ["google-vertex/us-east5/flex", ["us"], undefined],
    ["google-vertex/europe-west4", ["nl"], undefined],
    ["amazon-bedrock/eu-central-1", ["de"], undefined],
    // a continent and the world are no country
    ["google-vertex/europe", undefined, undefined],
    ["google-vertex/global/flex", undefined, undefined],
    // the second segment is mostly no region at all
    ["deepinfra/turbo", undefined, undefined],
    ["openai", undefined, undefined],
    ["openai/priority", undefined, undefined],
    ["novita/fp8", undefined, undefined],
    ["unknown-seat", undefined, undefined],
    ["no-centers", undefined, undefined],
    ["half-known", undefined, undefined],
    ["odd", undefined, undefined],
    // joins with no provider
    ["sambanova-turbo", undefined, undefined],
  ])("%s", (tag, places, seat) => {
    const [found] = read([tag]);
    expect(found?.places).toEqual(places);
    expect(found?.seat).toBe(seat);
  });

  test("is what the operator says, by tag before slug", () => {
    const told = { "google-vertex/europe": ["eu"], openai: ["us"], "openai/priority": ["ca"], parasail: ["de"] };
    const found = read(["google-vertex/europe", "openai", "openai/priority", "parasail/fp8"], told);
    expect(found.map(({ places, seat }) => [places, seat])).toEqual([
      [["eu"], undefined],
      [["us"], undefined],
      [["ca"], undefined],
      [["de"], undefined],
    ]);
  });

  test.each([undefined, null, {}, { data: [] }, { data: { endpoints: {} } }, { data: { endpoints: [null, 1, {}] } }])(
    "is not known from %j",
    (body) => {
      expect(readEndpoints(body, countries, new Map())).toEqual([]);
    },
  );

  test("is not known without a tag or a name", () => {
    expect(read([undefined, 1, ""])).toEqual([]);
    expect(readEndpoints({ data: { endpoints: [{ tag: "parasail" }] } }, countries, new Map())).toEqual([]);
  });
});

test.each<[string, readonly string[], boolean]>([
  ["parasail", ["us"], true],
  ["parasail", ["eu"], false],
  ["nebius", ["eu"], true],
  ["nebius", ["fi", "fr"], false],
  ["nebius", ["nl", "fi", "fr"], true],
  // the seat counts as well as the machines
  ["german-seat", ["us"], false],
  ["american-seat", ["eu"], false],
  ["alibaba", ["sg"], false],
  ["alibaba", ["sg", "cn"], true],
  ["google-vertex/us-east5", ["us"], true],
])("%s within %j: %s", (tag, within, inside) => {
  const [found] = read([tag]);
  expect(found !== undefined && runsInside(found, within)).toBe(inside);
});

test.each([
  ["google-vertex/global/flex", "flex"],
  ["openai/priority", "priority"],
  ["openai", undefined],
  ["priority", undefined],
  ["parasail/fp8", undefined],
])("the tier of %s is %s", (tag, tier) => {
  expect(tierOf(tag)).toBe(tier);
});

test.each(["us", "us-", "us-east", "us-east5x", "usa-east1", "europe", "global", "eu", "turbo", "fp8", "US-EAST5", ""])(
  "%j is no region for certain",
  (segment) => {
    expect(placeOfTag(`provider/${segment}`)).toBeUndefined();
  },
);
