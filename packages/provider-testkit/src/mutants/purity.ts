import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Call, FailedReply, ModelFacts, Provider } from "@headgate/core/provider";
import { type Config, good } from "./base.ts";
import { type Mutant, ofPlugin, ofProvider, ofRequest } from "./mutant.ts";

/** Kept from before anyone watches. */
const kept = { env: process.env, now: Date.now, setTimeout: globalThis.setTimeout };

const noop = (): void => {};

let calls = 0;
let lastConfig: Config | undefined;

const creating = (lie: string, act: (config: Config) => unknown): Mutant =>
  ofPlugin("create-pure", lie, {
    create: (config: Config) => {
      act(config);
      return good.create(config);
    },
  });

const hooked = (
  breaks: string,
  lie: string,
  hook: keyof Provider,
  act: (input: unknown, made: Provider) => unknown,
): Mutant =>
  ofProvider(breaks, lie, (made) => ({
    [hook]: (input: never, second: never) => {
      act(input, made);
      return (made[hook] as (input: never, second: never) => unknown)(input, second);
    },
  }));

/** Lies about doing nothing but what is asked. */
export const purityMutants: readonly Mutant[] = [
  creating("it looks for a variable when it is made", () => process.env.MERIDIAN_BASE_URL),
  ofPlugin("create-pure", "it has kept the environment, and is moved by it", {
    create: (config: Config) => {
      const baseUrl = kept.env.MERIDIAN_BASE_URL ?? config.baseUrl;
      return good.create({ ...config, baseUrl });
    },
  }),
  creating("it reads a file when it is made", () => readFileSync("/etc/hosts")),
  creating("it connects when it is made", () => connect(9, "127.0.0.1").on("error", () => {})),
  creating("it starts a timer when it is made", () => clearInterval(setInterval(() => {}, 1000))),
  creating("it starts a timer by a function that it has kept", () => clearTimeout(kept.setTimeout(() => {}, 0))),
  creating("it keeps its rows where everyone sees them", (config) => Object.assign(globalThis, { meridian: config })),
  creating("it gives every list a method", () => Object.assign(Array.prototype, { last: () => undefined })),
  creating("it listens to the process", () => process.once("beforeExit", noop).off("beforeExit", noop)),

  ofRequest("request-pure", "it stamps its requests", () => ({ headers: { "x-time": String(Date.now()) } })),
  ofRequest("request-pure", "it stamps them by a clock that it has kept", () => ({
    headers: { "x-time": String(kept.now()) },
  })),
  ofRequest("request-pure", "it numbers its requests at random", () => ({ headers: { "x-id": crypto.randomUUID() } })),
  ofRequest("request-pure", "it counts its requests", () => ({ headers: { "x-count": String(++calls) } })),
  hooked("failure-pure", "it logs failures", "failure", () => Reflect.get(globalThis, "console").assert(true)),
  hooked("failure-pure", "it reports failures", "failure", () => fetch("http://127.0.0.1:9").catch(() => {})),
  ofProvider("places-pure", "it looks up places", () => ({ places: async () => ["local"] })),
  ofProvider("places-pure", "its places depend on who was asked about before", () => {
    let asked = 0;
    return { places: () => [asked++ % 2 === 0 ? "local" : "unknown"] };
  }),
  hooked("features-pure", "its features depend on the environment", "features", () => process.env.MERIDIAN_FEATURES),
  hooked("observe-pure", "it measures answers", "observe", () => performance.now()),

  hooked("inputs-kept", "it takes the model out of the body", "request", (call) => {
    delete (call as { body: { model?: unknown } }).body.model;
  }),
  hooked("inputs-kept", "it tidies the headers of a failure", "failure", (reply) => {
    Object.assign((reply as FailedReply).headers, { tidy: "yes" });
  }),
  hooked("inputs-kept", "it sorts a model's facts", "places", (model) => {
    (model as { seen?: boolean }).seen = true;
  }),
  hooked("inputs-kept", "it marks the answers that it has seen", "observe", (head) => {
    (head as { body: { seen?: boolean } }).body.seen = true;
  }),
  ofProvider("odd-models", "its places need what it has not looked up yet", () => ({
    places: ({ data }: ModelFacts) => ((data as { regions: string[] }).regions.length > 0 ? ["unknown"] : ["unknown"]),
  })),
  ofProvider("odd-models", "its features need a name of two words", () => ({
    features: ({ id }: ModelFacts) => {
      const [, family] = id.split("-");
      return (family as string).length > 0 ? ["think_tags"] : [];
    },
  })),
  ofPlugin("rows-independent", "its rows share the last address", {
    create: (config: Config) => {
      lastConfig = config;
      const made = good.create(config);
      return { ...made, request: (call: Call) => good.create(lastConfig ?? config).request(call) };
    },
  }),
];
