import type { Lesson } from "../lesson.ts";

/** Running it for months. */
export const operation: readonly Lesson[] = [
  {
    symptom: "the client leaves, and the GPU goes on, whole answers above all",
    tests: [
      "tests/cancel.test.ts > of %s: the backend is cancelled and nobody else is asked",
      "tests/lessons/operation.test.ts > the client leaves, and the GPU goes on, whole answers above all",
    ],
  },
  {
    symptom: "memory grows for weeks",
    tests: [
      "tests/soak-verdict.test.ts > finds a leak of memory, with its slope",
      "tests/cancel.test.ts > no exchange and no connection is left behind",
      "tests/state.test.ts > goes by bytes: the response unused for longest is let go",
      "tests/metrics.test.ts > takes no client's free text for a label, so that it stays as small as the config",
    ],
  },
  {
    symptom: "clearing the log takes all memory",
    tests: [
      "tests/receipts.test.ts > keeps no more than it may",
      "tests/receipts.test.ts > forgets what is older than it may be",
    ],
  },
  {
    symptom: "mending a leak closes connections that are in use",
    tests: [
      "tests/reload.test.ts > ends under the old one, whole, and the old one ends with it",
      "tests/reload.test.ts > fails no request, however often the file is written",
    ],
  },
];
