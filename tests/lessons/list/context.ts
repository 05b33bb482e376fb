import type { Lesson } from "../lesson.ts";

/** Windows. */
export const context: readonly Lesson[] = [
  {
    symptom: "a window is remembered by the bare name of a model, and another provider's counts",
    tests: ["tests/context-fit.test.ts > on %s is not dumped on a small local model: the larger one is asked at once"],
  },
  {
    symptom: "a window that the config names is ignored for a larger one that the server tells, or a guess",
    tests: [
      "tests/lessons/context.test.ts > a window that the config names is ignored for a larger one that the server tells, or a guess",
    ],
  },
  {
    symptom: "a load takes more memory than the user has given the model",
    tests: ["tests/lessons/context.test.ts > a load takes more memory than the user has given the model"],
  },
  {
    symptom: "of two servers of one kind the small one gets what is meant for the large one",
    tests: [
      "tests/lessons/context.test.ts > of two servers of one kind the small one gets what is meant for the large one",
      "packages/provider-lmstudio/src/models.test.ts > loaded twice answer to each instance's name, and the key has the smaller window",
    ],
  },
  {
    symptom: "a window is sent as the limit of the answer",
    tests: ["tests/lessons/context.test.ts > a window is sent as the limit of the answer"],
  },
  {
    symptom: "the window of a model that is not loaded is guessed, and cuts what would fit",
    tests: ["tests/context-fit.test.ts > is sent where nobody knows the window"],
  },
];
