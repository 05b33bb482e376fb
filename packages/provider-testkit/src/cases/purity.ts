import { isDeepStrictEqual } from "node:util";
import type { Provider } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { inOtherEnvironment } from "../guard/environment.ts";
import { type Watched, watching } from "../guard/watch.ts";
import type { Subject } from "../subject.ts";
import { letTimePass, messageOf, show } from "../text.ts";
import { dataOf, type Hook, hooks, type Invocation } from "./hooks.ts";

const pure = (hook: Hook, what: string): Case => ({
  id: `${hook}-pure`,
  topic: "purity",
  reason: `\`${hook}\` ${what}: no I/O, environment, clock, random number or shared state; the same in gives the same out.`,
  spares: (subject) => missing(subject, hook),
  run: (subject) => impurities(subject, hook),
});

const missing = (subject: Subject, hook: Hook): string | undefined =>
  hook === "create" || subject.make()[hook] !== undefined ? undefined : `the plugin has no ${hook}()`;

/** What a hook reaches for, and whether it gives the same again: later, elsewhere, of another instance. */
function impurities(subject: Subject, hook: Hook): Findings {
  const invocations = hooks[hook].invocations(subject);
  const provider = subject.make();
  const again = subject.make();
  const first = watching((watch) =>
    invocations.map((one) => watch(() => one.call(structuredClone(one.input), provider))),
  );
  letTimePass();
  const later = invocations
    .toReversed()
    .map((one) => resultOf(one, provider))
    .toReversed();
  const fresh = invocations.map((one) => resultOf(one, again));
  const elsewhere = inOtherEnvironment(variablesOf(subject), () => {
    const other = subject.make();
    return invocations.map((one) => resultOf(one, other));
  });
  const reached = new Set(first.flatMap((one) => one.reached));
  return [
    ...[...reached].map((what) => `${hook} ${what}`),
    ...(first.some(({ result }) => result instanceof Promise) ? [`${hook} gives a promise`] : []),
    ...differences(`${hook} gives another result the second time`, invocations, first, later),
    ...differences(`${hook} of another provider with the same config gives another result`, invocations, first, fresh),
    ...differences(`${hook} depends on environment variables`, invocations, first, elsewhere),
  ];
}

function resultOf({ call, input }: Invocation, provider: Provider): unknown {
  try {
    return dataOf(call(structuredClone(input), provider));
  } catch (error) {
    return messageOf(error);
  }
}

function differences(
  sentence: string,
  invocations: readonly Invocation[],
  first: readonly Watched<unknown>[],
  second: readonly unknown[],
): Findings {
  const index = first.findIndex((one, at) => !("thrown" in one) && !isDeepStrictEqual(dataOf(one.result), second[at]));
  if (index < 0) return [];
  const { label = "" } = invocations[index] ?? {};
  return [`${sentence}, at ${label}: ${show(dataOf(first[index]?.result))} and then ${show(second[index])}`];
}

/** Names that this plugin may look for. */
function variablesOf({ plugin: { kind, auth } }: Subject): Readonly<Record<string, string>> {
  const name = kind.toUpperCase().replace(/\W/g, "_");
  const names = [
    `${name}_API_KEY`,
    `${name}_BASE_URL`,
    `${name}_URL`,
    `${name}_HOST`,
    `${name}_REGION`,
    `${name}_MODEL`,
  ];
  if (auth?.env !== undefined) names.push(auth.env);
  return Object.fromEntries(names.map((one) => [one, "http://127.0.0.1:8/from-the-environment"]));
}

const inputsKept: Case = {
  id: "inputs-kept",
  topic: "purity",
  reason: "Nothing that a hook is given is changed by it: the host still needs it.",
  run: (subject) =>
    (Object.keys(hooks) as Hook[])
      .filter((hook) => missing(subject, hook) === undefined)
      .flatMap((hook) => changesBy(subject, hook)),
};

/**
 * Once with something that can be changed, and once with something that cannot: no change may be needed. A copy is compared
 * with a copy: under Jest those are of another realm than what they are copies of, and equal to no object of this one.
 */
function changesBy(subject: Subject, hook: Hook): Findings {
  const provider = subject.make();
  for (const one of hooks[hook].invocations(subject)) {
    const [open, before] = [structuredClone(one.input), structuredClone(one.input)];
    const ends = resultOf({ ...one, call: (_, given) => one.call(open, given) }, provider);
    if (!isDeepStrictEqual(open, before)) return [`${hook} changes what it is given, at ${one.label}`];
    const frozen = deepFreeze(structuredClone(one.input));
    const again = resultOf({ ...one, call: (_, given) => one.call(frozen, given) }, provider);
    if (!isDeepStrictEqual(ends, again))
      return [`${hook} needs to change what it is given, at ${one.label}: ${show(again)}`];
  }
  return [];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

const oddModels: Case = {
  id: "odd-models",
  topic: "purity",
  reason: "`places` and `features` answer for any model: every name can be asked for, before anything is known of it.",
  run: (subject) => {
    const provider = subject.make();
    return (["places", "features"] as const).flatMap((hook) =>
      hooks[hook].invocations(subject).flatMap(({ label, input, call }) => {
        try {
          const result = call(structuredClone(input), provider);
          return result === undefined || Array.isArray(result) ? [] : [`${hook} gives ${show(result)} at ${label}`];
        } catch (error) {
          return [`${hook} throws at ${label}: ${messageOf(error)}`];
        }
      }),
    );
  },
};

const rowsIndependent: Case = {
  id: "rows-independent",
  topic: "purity",
  reason: "Two rows of one plugin are two providers: what one is told, the other never knows.",
  spares: ({ moves }) => (moves ? undefined : "the config names no address, so that two rows cannot differ"),
  run: (subject) => {
    const [one, other] = ["http://127.0.0.1:11", "http://127.0.0.1:12"];
    const first = subject.make(subject.at(one));
    subject.make(subject.at(other));
    const urls = hooks.request.invocations(subject).map((call) => resultOf(call, first) as { readonly url?: string });
    const stray = urls.find(({ url }) => typeof url === "string" && !url.startsWith(`${one}/`));
    const origins = isDeepStrictEqual(first.origins, [one]) ? [] : [`its origins became ${show(first.origins)}`];
    return stray === undefined ? origins : [...origins, `after a second row the first asks ${show(stray.url)}`];
  },
};

export const purityCases: readonly Case[] = [
  pure("create", "makes a provider of a config and of nothing else"),
  pure("request", "shapes an exchange of its call"),
  pure("failure", "names a failure by its reply"),
  pure("places", "knows places by model and boundary"),
  pure("features", "knows features by the model"),
  pure("observe", "reads an answer's head"),
  inputsKept,
  oddModels,
  rowsIndependent,
];
