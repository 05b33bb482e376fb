import type { Lesson } from "../lesson.ts";

/** Fallback that came and did harm. */
export const wrong: readonly Lesson[] = [
  {
    symptom: "a failing local model moves the work to a paid one that nobody named",
    tests: [
      "tests/lessons/fallback.test.ts > a failing local model moves the work to a paid one that nobody named",
      "tests/boundaries.test.ts > holds while falling back: a failing local model is never replaced by one outside",
    ],
  },
  {
    symptom: "the model of a fallback becomes the model for good",
    tests: [
      "tests/failures.test.ts > lasts one request for a client of %s: the next one goes to the primary again",
      "tests/breakers-told.test.ts > is of no config and no file, and a restart forgets it",
    ],
  },
  {
    symptom: "one failing model cools healthy ones of the same provider",
    tests: ["tests/breakers.test.ts > does not cool its healthy sibling on the same provider"],
  },
  {
    symptom: "clients that give up early poison the cooldown of a healthy model",
    tests: ["tests/breakers.test.ts > is not poisoned by clients that leave"],
  },
  {
    symptom: "a cooldown can neither be seen nor ended",
    tests: [
      "tests/breakers-told.test.ts > is told of at /health and by headgate status, by model, with the time that is left",
      "tests/breakers-told.test.ts > is closed by headgate status --reset in a gateway that runs",
    ],
  },
  {
    symptom: "a cooldown tells another reason than its own",
    tests: ["tests/breakers.test.ts > is not asked again: a flaky primary is not paid for every turn"],
  },
  {
    symptom: "a throttle whose words speak of billing shuts a provider for hours",
    tests: ["tests/lessons/fallback.test.ts > a throttle whose words speak of billing shuts a provider for hours"],
  },
  {
    symptom: "the next candidate is asked at the address, or with the key, of the one before",
    tests: ["tests/secrets.test.ts > goes to its own provider alone"],
  },
  {
    symptom: "an answer comes twice after a fallback",
    tests: [
      "tests/faults-before-output.test.ts > %s: the local model serves, and the answer says why",
      "tests/faults-after-output.test.ts > a client of %s sees an error and a cut, and no other model's words",
    ],
  },
  {
    symptom: "a session that is too long for the first candidate never comes to a larger one",
    tests: ["tests/repeats.test.ts > %s: goes on only to a larger window"],
  },
  {
    symptom: "a big session is dumped on a small local model",
    tests: ["tests/context-fit.test.ts > on %s is not dumped on a small local model: the larger one is asked at once"],
  },
  {
    symptom: "a stream that breaks on Messages ends well for its client, and is logged as a success",
    tests: ["tests/faults-after-output.test.ts > a client of %s sees an error and a cut, and no other model's words"],
  },
  {
    symptom: "fallbacks that nobody wants happen on one path all the same",
    tests: ["tests/lessons/fallback.test.ts > fallbacks that nobody wants happen on one path all the same"],
  },
  {
    symptom: "after a fallback the answer still bears the name of the model that was asked for",
    tests: [
      "tests/lessons/fallback.test.ts > after a fallback the answer still bears the name of the model that was asked for",
    ],
  },
  {
    symptom: "a backend fails every time and is never left alone, or only after seconds",
    tests: [
      "tests/breakers.test.ts > is not asked again: a flaky primary is not paid for every turn",
      "packages/core/src/admit/circuit.test.ts > after %s in a row is open: %j",
    ],
  },
  {
    symptom: "of two waits the shorter one stands, and a backend that asked for minutes is asked after seconds",
    tests: [
      "tests/lessons/fallback.test.ts > of two waits the shorter one stands, and a backend that asked for minutes is asked after seconds",
    ],
  },
];
