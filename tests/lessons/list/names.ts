import type { Lesson } from "../lesson.ts";

/** Names, merging, and what a config file brings about. */
export const names: readonly Lesson[] = [
  {
    symptom: "an alias with a slash takes the place of a model that is named in full",
    tests: [
      "packages/core/src/config/check-names.test.ts > an alias with a slash would hijack a ref, and is refused",
      "packages/core/src/names/directory.test.ts > a ref wins over an alias of its first part, and its model is verbatim",
    ],
  },
  {
    symptom: "upper and lower case count in one place and not in another, and a doubled alias outlives its removal",
    tests: [
      "packages/core/src/config/check-names.test.ts > the same alias in another case is refused, and the first one stays",
      "tests/configs.test.ts > answers to %j",
    ],
  },
  {
    symptom: "a bare name gets the name of another provider before it",
    tests: [
      "tests/lessons/names.test.ts > a bare name gets the name of another provider before it",
      "packages/core/src/names/directory.test.ts > that several rows have as an id is not guessed",
    ],
  },
  {
    symptom: "a model in the wrong case is taken, and answered with nothing or by another unseen",
    tests: [
      "tests/lessons/names.test.ts > a model in the wrong case is taken, and answered with nothing or by another unseen",
    ],
  },
  {
    symptom: "a state that was generated earlier beats what the config says",
    tests: ["tests/reload.test.ts > is served as soon as it is written, without a restart"],
  },
  {
    symptom: "merge brings models of providers that nobody has named",
    tests: ["tests/lessons/names.test.ts > merge brings models of providers that nobody has named"],
  },
  {
    symptom: "replace does not replace",
    tests: ["packages/core/src/config/merge.test.ts > replace uses only what is written"],
  },
  {
    symptom: "one field of a known model cannot be changed without writing all of them",
    tests: ["packages/core/src/config/merge.test.ts > merge keeps the catalog, rows first and field by field on top"],
  },
  {
    symptom: "one bad row takes all providers, or the gateway, down",
    tests: [
      "tests/cli/serve.test.ts > takes off a row with a fault alone, and says so",
      "packages/core/src/config/parse.test.ts > a bad row disables itself, remembers its models, and the rest is read",
    ],
  },
  {
    symptom: "an alias arms a list of what is allowed, and all other models are gone",
    tests: ["tests/lessons/names.test.ts > an alias arms a list of what is allowed, and all other models are gone"],
  },
  {
    symptom: "a provider of one's own is passed by where its model has the name of a known one",
    tests: [
      "tests/lessons/names.test.ts > a provider of one's own is passed by where its model has the name of a known one",
    ],
  },
  {
    symptom: "the model in a request, or its absence, does not choose the model",
    tests: [
      "tests/configs.test.ts > answers to %j",
      "tests/lessons/names.test.ts > a client that sends no model, or default, gets another than the config's",
    ],
  },
  {
    symptom: "a server of one's own is a riddle to configure",
    tests: ["tests/compatible-servers.test.ts > %s is all that it takes for an answer"],
  },
  {
    symptom: "a changed model needs a restart",
    tests: ["tests/reload.test.ts > is served as soon as it is written, without a restart"],
  },
  {
    symptom: "keys that were masked for a page are written back, and the config is spoilt",
    cannot: "a running gateway never writes its config: the user's file is read, and there is no database of it",
  },
  {
    symptom: "a provider of one's own cannot have the budget that others can have",
    cannot: "no row has a budget here; clocks, places and queues are keys of every row, whoever wrote its plugin",
  },
];
