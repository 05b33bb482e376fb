import type { Lesson } from "../lesson.ts";

/** How others were entered. */
export const security: readonly Lesson[] = [
  {
    symptom: "a key that begins like another opens the door; a key's hash does",
    tests: ["tests/lessons/security.test.ts > another key opens the door"],
  },
  {
    symptom: "the check of a key asks a database what the client wrote",
    tests: ["tests/lessons/security.test.ts > that is a question to a database"],
  },
  {
    symptom: "any key changes the config; a path for tests runs any command",
    tests: ["tests/lessons/security.test.ts > a path for operators changes the config or runs a command"],
  },
  {
    symptom: "a client says by a header or a field where its request goes, and the key goes along",
    tests: [
      "tests/lessons/security.test.ts > a client says by a header or a field where its request goes, and the key goes along",
    ],
  },
  {
    symptom: "a mark in a model's name leads the key to another address",
    tests: [
      "tests/lessons/security.test.ts > a mark in a model's name leads the key to another address (%s)",
      "tests/lessons/security.test.ts > a mark in a model's name leads a look-up of where it runs to another address",
    ],
  },
  {
    symptom: "a redirect takes the key elsewhere",
    tests: [
      "tests/faults-before-output.test.ts > is not followed for a client of %s: the local model serves, and the other address is never asked",
    ],
  },
  {
    symptom: "a pattern in an id finds what belongs to others, or stops the server",
    tests: ["tests/lessons/security.test.ts > a pattern or a piece of a query in an id finds what belongs to others"],
  },
  {
    symptom: "one client reads or uses what belongs to another",
    tests: [
      "tests/receipts.test.ts > is for the client that asked alone, and for none without a key",
      "tests/state.test.ts > is nobody's but the key's that made it",
    ],
  },
  {
    symptom: "a gateway stands open on the internet, and strangers use up its owner's keys",
    tests: [
      "tests/cli/serve.test.ts > on an address that other machines reach, without keys",
      "tests/bad-input.test.ts > 403 for a foreign Host: a name that was made to point here",
    ],
  },
  {
    symptom: "secrets stand in traces, logs and errors",
    tests: [
      "tests/secrets.test.ts > does not show it to a client of %s, nor to a receipt",
      "tests/metrics.test.ts > hold neither the prompt nor a backend's words",
      "tests/cli/serve.test.ts > has one line for each request, without prompt, key or header",
    ],
  },
  {
    symptom: "the key of an environment is sent to whatever address somebody wrote",
    tests: ["tests/secrets.test.ts > of the environment is not sent to a base URL that merely was written down"],
  },
  {
    symptom: "a poisoned package runs at its install, and takes all keys that it finds",
    tests: [
      "tests/packages/install.test.ts > brings at most five packages, runs nothing at install, and is there to be imported",
      "tests/packages/package-checks.test.ts > the check of package.json",
    ],
  },
  {
    symptom: "a plugin is loaded that nobody has written down",
    tests: ["tests/bad-input.test.ts > 404 for a ref to a provider that nobody configured"],
  },
  {
    symptom: "a plugin is downloaded without a look at what it is",
    cannot: "nothing is ever downloaded: plugins are packages that the user's package manager has installed and locked",
  },
];
