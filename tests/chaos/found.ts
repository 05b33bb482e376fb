import type { RequestPlan, Scenario, Script } from "./scenario.ts";
import type { ProviderPlan } from "./settings.ts";

/** Engines that did otherwise were found by runs; these are what was left of them. */
interface Found {
  readonly behaviour: string;
  readonly scenario: Scenario;
}

const plain: Script = { end: "answers", kind: "overloaded", delay: 0, pace: 0, pieces: 1 };
const refused: Script = { ...plain, end: "refused", kind: "forbidden" };
const slow = (kind: Script["kind"]): Script => ({ ...plain, kind, delay: 1, pace: 1, pieces: 4 });
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
  {
    behaviour: "one that waits for a place is the first of two all the same, and the second keeps to where it runs",
    scenario: {
      seed: 7_104_539,
      hedge: 1,
      reloads: [],
      providers: [
        { ...local("p0"), wire: "responses" },
        { ...local("p1"), place: "eu", concurrency: { max: 1, queue: 1, wait: 5000 } },
        { ...local("p2"), concurrency: { max: 1, queue: 1, wait: 20 } },
      ],
      requests: [
        { ...request, scripts: { p0: [refused], p1: [slow("model_missing")], p2: [plain] } },
        {
          ...{ ...request, wire: "responses", stream: true },
          scripts: { p0: [refused], p1: [plain], p2: [{ ...slow("model_missing"), end: "refused", pieces: 3 }] },
        },
        {
          ...{ ...request, wire: "responses" },
          scripts: { p0: [refused], p1: [plain], p2: [{ ...plain, delay: 15_000, pace: 7000, pieces: 3 }] },
        },
      ],
    },
  },
  {
    behaviour: "one that was cut short with the head of an answer said comes again, and repeats as it would have",
    scenario: {
      seed: 7_320_899,
      hedge: 12_000,
      reloads: [],
      routeWithin: ["de"],
      providers: [
        { ...local("p2"), wire: "messages" },
        { ...local("p3"), place: "de" },
      ],
      requests: [
        {
          ...{ ...request, wire: "messages", stream: true },
          scripts: {
            p2: [
              { ...plain, end: "garbage", delay: 20, pieces: 3 },
              { ...plain, end: "hangs-before", delay: 20 },
              { ...plain, end: "inside", delay: 3000, pieces: 3, retryAfter: 0 },
            ],
            p3: [{ ...plain, end: "status", kind: "policy", delay: 20 }],
          },
        },
      ],
    },
  },
];
