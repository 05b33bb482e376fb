import type { Lesson } from "../lesson.ts";

/** Models that are not in memory, clocks and queues. */
export const cold: readonly Lesson[] = [
  {
    symptom: "one time for everything ends the load of a model",
    tests: [
      "tests/cold-models.test.ts > runs alone: a load may outlast the first output's, and none of the others runs meanwhile",
    ],
  },
  {
    symptom: "a request beside the main one gives up by a clock of its own",
    tests: ["tests/lessons/fallback.test.ts > a request beside the main one gives up by a clock of its own"],
  },
  {
    symptom: "one number is all the time there is for a connection, a load and a first word",
    tests: [
      "tests/lessons/fallback.test.ts > one number is all the time there is for a connection, a load and a first word",
      "packages/core/src/run/clocks.test.ts > end it when the one that runs is out, and say which",
    ],
  },
  {
    symptom: "requests that come together load several copies of one model",
    tests: ["tests/cold-models.test.ts > is loaded once however many wait, and asked by each of them after that"],
  },
  {
    symptom: "a model that is not loaded never comes to the fallback",
    tests: ["tests/cold-models.test.ts > that cannot be loaded %s makes way for the next candidate"],
  },
  {
    symptom: "a server of one's own is asked for more at once than it can do, and all time out",
    tests: [
      "tests/concurrency.test.ts > is never asked for two at once, whatever becomes of them",
      "tests/lessons/operation.test.ts > a server that takes one at a time is asked for more on another path",
      "tests/concurrency.test.ts > that is full is passed over at once where another candidate has room",
    ],
  },
  {
    symptom: "another model than the one that was asked for answers, because it is the one in memory",
    tests: ["tests/warnings.test.ts > a model that nobody asked for"],
  },
  {
    symptom: "a cold model is missing from the list, and clients that look first never ask for it",
    tests: [
      "tests/lessons/context.test.ts > a cold model is missing from the list, and clients that look first never ask for it",
    ],
  },
  {
    symptom: "clients give up during a load, since nothing comes",
    tests: ["tests/cold-models.test.ts > gets heartbeats from the tenth second on, and the answer behind them"],
  },
  {
    symptom: "looking at what is in memory loads a model",
    tests: ["tests/cold-start.test.ts > never loads it, however often"],
  },
];
