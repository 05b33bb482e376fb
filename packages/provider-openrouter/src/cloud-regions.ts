import type { Place } from "@headgate/core/provider";

/**
 * Regions of the large clouds (AWS, Google Cloud, 2026-11), as OpenRouter writes them after a provider's slug. What names a
 * continent or the world (`europe`, `global`) is none: it may leave the Union.
 */
const regions: ReadonlyMap<string, Place> = new Map(
  Object.entries({
    be: ["europe-west1"],
    ch: ["europe-west6", "eu-central-2"],
    de: ["europe-west3", "europe-west10", "eu-central-1"],
    es: ["europe-southwest1", "eu-south-2"],
    fi: ["europe-north1"],
    fr: ["europe-west9", "eu-west-3"],
    gb: ["europe-west2", "eu-west-2"],
    ie: ["eu-west-1"],
    it: ["europe-west8", "europe-west12", "eu-south-1"],
    nl: ["europe-west4"],
    pl: ["europe-central2"],
    se: ["europe-north2", "eu-north-1"],
    ca: ["ca-central-1", "ca-west-1", "northamerica-northeast1", "northamerica-northeast2"],
    jp: ["asia-northeast1", "asia-northeast2", "ap-northeast-1", "ap-northeast-3"],
    au: ["australia-southeast1", "australia-southeast2", "ap-southeast-2", "ap-southeast-4"],
    sg: ["asia-southeast1", "ap-southeast-1"],
    in: ["asia-south1", "asia-south2", "ap-south-1", "ap-south-2"],
    kr: ["asia-northeast3", "ap-northeast-2"],
  }).flatMap(([place, names]) => names.map((name) => [name, place] as const)),
);

/** `us-east5`, `us-west-2`. */
const american = /^us-(?:gov-)?(?:east|west|central|south|north)-?\d{1,2}$/;

/** The country of a tag's region segment (`google-vertex/us-east5/flex`); `undefined` where it names none for certain. */
export function placeOfTag(tag: string): Place | undefined {
  const segment = tag.split("/")[1] ?? "";
  return american.test(segment) ? "us" : regions.get(segment);
}
