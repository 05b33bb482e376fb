import type { RequestPlan, Scenario, Script } from "./scenario.ts";
import type { ProviderPlan } from "./settings.ts";

/** Engines that did otherwise were found by runs; these are what was left of them. */
interface Found {
  readonly behaviour: string;
  readonly scenario: Scenario;
}

const plain: Script = { end: "answers", kind: "overloaded", delay: 0, pace: 0, pieces: 1 };
const local = (id: string): ProviderPlan => ({ id, place: "local", wire: "chat", quality: "exact" });
const request: RequestPlan = { wait: 0, wire: "chat", stream: false, model: "main", scripts: {} };

export const found: readonly Found[] = [
  {
    behaviour: "one that a race was cut short for comes again, and has no more repeats than without the race",
    scenario: {
      seed: 1,
      hedge: 1,
      reloads: [],
      providers: [local("p0"), local("p1")],
      requests: [
        {
          ...request,
          scripts: {
            p0: [{ ...plain, end: "garbage", delay: 1 }],
            p1: [{ ...plain, end: "inside", kind: "policy" }],
          },
        },
      ],
    },
  },
  {
    behaviour: "one that waits to be asked again when a race ends has failed, and its receipt says so",
    scenario: {
      seed: 16_724,
      hedge: 20,
      reloads: [],
      providers: [local("p0"), local("p1")],
      requests: [0, 1].map((index) => ({
        ...request,
        scripts: {
          p0: [{ ...plain, end: "status", kind: "overloaded" }],
          p1: [index === 0 ? plain : { ...plain, end: "inside", kind: "policy" }],
        },
      })),
    },
  },
];
