import type { Lesson } from "../lesson.ts";

/** Where requests go, and plugins. */
export const network: readonly Lesson[] = [
  {
    symptom: "a guard against forged addresses refuses a server of one's own network",
    tests: ["tests/lessons/names.test.ts > a guard against forged addresses refuses a server of one's own network"],
  },
  {
    symptom: "a router of models has no key for a region, and residency stays a wish",
    tests: [
      "tests/region.test.ts > asks none but endpoints that are known to lie in it (%s)",
      "tests/region.test.ts > no byte of a prompt reaches an endpoint outside, whatever goes wrong on the way",
    ],
  },
  {
    symptom: "a local server under the name of a vendor is passed by, and the vendor gets what was said",
    tests: [
      "tests/lessons/names.test.ts > a local server under the name of a vendor is passed by, and the vendor gets what was said",
    ],
  },
  {
    symptom: "plugins break when their host is updated",
    tests: [
      "packages/core/src/plugin-check.test.ts > takes a plugin of contract %i as one of its own",
      "packages/gateway/src/plugins/load.test.ts > that speaks another contract is told with both numbers and the way out, before anything else",
    ],
  },
  {
    symptom: "a small release of the host moves every plugin far, or ends it over a label",
    tests: [
      "tests/packages/release.test.ts > moves core alone, where it mends: what depends on it fits as it is",
      "tests/packages/release.test.ts > depends on none of ours as a peer: a peer's minor version would be a major one of the dependent",
    ],
  },
  {
    symptom: "a package with a provider is not found by its name",
    tests: [
      "packages/gateway/src/plugins/load.test.ts > under the scope before the name without one, and both before the generic one",
      "tests/packages/install.test.ts > is found %s, and answers",
    ],
  },
];
