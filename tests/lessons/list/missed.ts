import type { Lesson } from "../lesson.ts";

/** Fallback that did not come. */
export const missed: readonly Lesson[] = [
  {
    symptom: "a local server that is not running ends the request",
    tests: ["tests/configs.test.ts > the hosted model serves ($how)"],
  },
  {
    symptom: "a server's failures and overload end the request",
    tests: ["tests/faults-before-output.test.ts > %s: the local model serves, and the answer says why"],
  },
  {
    symptom: "an unknown model at the head of the chain ends the request before the chain is entered",
    tests: [
      "tests/lessons/fallback.test.ts > an unknown model at the head of the chain ends the request before the chain is entered",
    ],
  },
  {
    symptom: "an error of OpenRouter's is of no known kind, or counts as an answer",
    tests: [
      "tests/openrouter.test.ts > OpenRouter's %j",
      "tests/openrouter.test.ts > that breaks amid its answer (%s) is a broken answer, never an end",
    ],
  },
  {
    symptom: "an empty answer counts as one",
    tests: [
      "tests/faults-before-output.test.ts > an empty 200",
      "tests/faults-before-output.test.ts > a 200 with every frame but the output",
    ],
  },
  {
    symptom: "a turn that only calls a tool is taken for empty and asked again",
    tests: ["tests/lessons/fallback.test.ts > a turn that only calls a tool is taken for empty and asked again"],
  },
  {
    symptom: "one dead model is waited for three times over before the chain is entered",
    tests: [
      "tests/lessons/fallback.test.ts > one dead model is waited for three times over before the chain is entered",
    ],
  },
  {
    symptom: "the time for repeats is used up at one candidate, and all others stand by unused",
    tests: ["tests/repeats.test.ts > that would hold up a waiting candidate for half a second is not made"],
  },
  {
    symptom: "a deadline skips the rest of the chain in silence",
    tests: ["tests/lessons/fallback.test.ts > a deadline skips the rest of the chain in silence"],
  },
  {
    symptom: "a flaky first candidate is paid for on every turn",
    tests: [
      "tests/breakers.test.ts > is not asked again: a flaky primary is not paid for every turn",
      "packages/core/src/admit/circuit.test.ts > is open for 30 s, doubling with every failed probe to 15 min",
    ],
  },
  {
    symptom: "a local stream that ends early is of no known kind, and nobody else is asked",
    tests: [
      "tests/faults-before-output.test.ts > a clean end before the first output",
      "tests/configs.test.ts > is cut before the first output",
    ],
  },
  {
    symptom: "an overload inside a 200 never comes to the fallback",
    tests: ["tests/faults-before-output.test.ts > an error before the first output"],
  },
  {
    symptom: "a switch that only pretends a failure passes its test, and real failures do not",
    cannot: "there is no such switch: every failure in these tests comes over a connection from a server that fails",
  },
  {
    symptom: "streams and whole answers read different rules of fallback",
    tests: ["tests/faults-before-output.test.ts > %s: the local model serves, and the answer says why"],
  },
  {
    symptom: "a connection that is made late hides a 429 from what decides on repeats",
    tests: ["tests/faults-before-output.test.ts > 429 that asks for a long wait"],
  },
  {
    symptom: "everybody is cooling down, and the request fails where waiting for one would do",
    tests: [
      "tests/breakers.test.ts > is asked all the same when nobody else is left, the soonest to close first",
      "tests/failures.test.ts > the client is told the soonest wait, whoever asks for it",
    ],
  },
];
