import { type Operation, type Provider, type Wire, wirePaths } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { show } from "../text.ts";
import { factFaults } from "./facts.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const isAbsent = (value: unknown): boolean => value === undefined;

/** The sentences whose condition does not hold. */
const unless = (...demands: readonly (readonly [holds: boolean, sentence: string])[]): Findings =>
  demands.filter(([holds]) => !holds).map(([, sentence]) => sentence);

const pluginShape: Case = {
  id: "plugin-shape",
  topic: "shape",
  bare: true,
  reason: "The default export has `kind`, `config` and `create`, so that a host can tell it from anything else.",
  run: ({ plugin }) => {
    if (!isFields(plugin)) return ["the default export is no object"];
    const { kind, config, create }: Fields = plugin;
    const schema = isFields(config) || typeof config === "function" ? (config as Fields)["~standard"] : undefined;
    const isSchema = isFields(schema) && schema.version === 1 && typeof schema.validate === "function";
    return unless(
      [isText(kind), `kind is ${show(kind)}, not a text`],
      [isSchema, "config is no Standard Schema of version 1"],
      [typeof create === "function", "create is not a function"],
    );
  },
};

const contractVersion: Case = {
  id: "contract-version",
  topic: "shape",
  bare: true,
  reason: "`contract` is 1, the number that a host checks before anything else.",
  run: ({ plugin: { contract } }) => unless([contract === 1, `contract is ${show(contract)}`]),
};

const kindName: Case = {
  id: "kind-name",
  topic: "shape",
  bare: true,
  reason: "`kind` is a lower-case name, with which a package's name can end.",
  run: ({ plugin: { kind } }) => unless([/^[a-z0-9][a-z0-9._-]*$/.test(kind), `kind is ${show(kind)}`]),
};

const authShape: Case = {
  id: "auth-shape",
  topic: "shape",
  bare: true,
  reason: "`auth` is data: a header in lower case, a prefix, a variable's name. The host sets the key by it.",
  spares: ({ plugin: { auth } }) => (auth === undefined ? "the plugin has no auth" : undefined),
  run: ({ plugin: { auth } }) => {
    if (!isFields(auth)) return [`auth is ${show(auth)}`];
    const { header, prefix, env, required }: Fields = auth;
    const isHeader = isText(header) && /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(header);
    return unless(
      [isHeader, `header is ${show(header)}, no header's name in lower case`],
      [header !== "content-type" && header !== "host", `header is ${show(header)}, which the host needs`],
      [isAbsent(prefix) || typeof prefix === "string", `prefix is ${show(prefix)}`],
      [isAbsent(env) || (isText(env) && /^[A-Z][A-Z0-9_]*$/.test(env)), `env is ${show(env)}, no variable's name`],
      [isAbsent(required) || typeof required === "boolean", `required is ${show(required)}`],
    );
  },
};

const catalogFacts: Case = {
  id: "catalog-facts",
  topic: "shape",
  bare: true,
  reason: "`catalog` names every model once, with facts of the right kinds; what is not known is left out.",
  spares: ({ plugin: { catalog } }) => (catalog === undefined ? "the plugin has no catalog" : undefined),
  run: ({ plugin: { catalog } }) =>
    Array.isArray(catalog) ? factFaults(catalog) : [`catalog is ${show(catalog)}, no list`],
};

const functions = ["places", "request", "failure"] as const;
const optionalFunctions = ["features", "observe", "models", "evidence"] as const;

const providerShape: Case = {
  id: "provider-shape",
  topic: "shape",
  reason: "`create` gives `wires`, `origins`, `places`, `request` and `failure`, at once and not in a promise.",
  run: (subject) => {
    const provider: Fields = subject.make() as unknown as Fields;
    if (!isFields(provider)) return [`create gives ${show(provider)}`];
    if (typeof provider.then === "function") return ["create gives a promise"];
    const missing = functions.filter((name) => typeof provider[name] !== "function");
    const odd = optionalFunctions.filter((name) => !isAbsent(provider[name]) && typeof provider[name] !== "function");
    return [...missing, ...odd].map((name) => `${name} is ${show(provider[name])}, not a function`);
  },
};

const wiresKnown: Case = {
  id: "wires-known",
  topic: "shape",
  reason: "`wires` names wires that exist, at least one, each `exact` or `approximate`.",
  run: (subject) => {
    const entries = Object.entries(subject.make().wires ?? {});
    return [
      ...(entries.length === 0 ? ["it speaks no wire"] : []),
      ...entries.filter(([wire]) => !Object.hasOwn(wirePaths, wire)).map(([wire]) => `there is no wire ${show(wire)}`),
      ...entries
        .filter(([, quality]) => quality !== "exact" && quality !== "approximate")
        .map(([wire, quality]) => `${wire} is ${show(quality)}`),
    ];
  },
};

const originsForm: Case = {
  id: "origins-form",
  topic: "shape",
  reason:
    "`origins` are written as `scheme://host[:port]`, no path and no wildcard: the host compares them as they are.",
  run: (subject) => {
    const { origins } = subject.make();
    if (!Array.isArray(origins) || origins.length === 0) return [`origins is ${show(origins)}, no list of addresses`];
    return origins
      .filter((origin: unknown) => !isOrigin(origin))
      .map((origin) => `${show(origin)} is no origin of http or https`);
  },
};

function isOrigin(text: unknown): boolean {
  if (!isText(text) || !URL.canParse(text) || text.includes("*")) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === "http:" || protocol === "https:");
}

const listsOfNames: Case = {
  id: "names-form",
  topic: "shape",
  reason: "`reserved` and `forwards` are lists of names, headers in lower case: any other is never met.",
  run: (subject) => {
    const { reserved = [], forwards = [] } = subject.make();
    return [...badNames("reserved", reserved, /./), ...badNames("forwards", forwards, /^[a-z0-9!#$%&'*+.^_`|~-]+$/)];
  },
};

function badNames(key: string, names: unknown, form: RegExp): Findings {
  if (!Array.isArray(names)) return [`${key} is ${show(names)}, no list`];
  return names.filter((name) => !isText(name) || !form.test(name)).map((name) => `${key} holds ${show(name)}`);
}

const promisesForm: Case = {
  id: "promises-form",
  topic: "shape",
  reason:
    "`preferredWires` and `countWires` are wires that it speaks, `within` is a boundary, `refresh` has times and a `models()` to call.",
  run: (subject) => {
    const { preferredWires = [], countWires = [], within = ["eu"], refresh, models, wires } = subject.make();
    const isBoundary = Array.isArray(within) && within.length > 0 && within.every((place) => isPlace(place));
    const { every, keep } = refresh ?? { every: 1, keep: 1 };
    return [
      ...preferredWires
        .filter((wire) => wires[wire] === undefined)
        .map((wire) => `it prefers ${wire}, which it does not speak`),
      ...countWires
        .filter((wire) => wires[wire] === undefined)
        .map((wire) => `it counts on ${wire}, which it does not speak`),
      ...unless(
        [isBoundary, `within is ${show(within)}, no boundary`],
        [
          every > 0 && keep >= every && Number.isFinite(every),
          `refresh is ${show(refresh)}: it keeps no reading until the next`,
        ],
        [refresh === undefined || models !== undefined, "refresh without models() reads nothing"],
      ),
    ];
  },
};

const isPlace = (place: unknown): boolean => typeof place === "string" && /^(local|[a-z]{2})$/.test(place);

/** What an operation is asked on. */
const wireOf: Readonly<Record<Operation, Wire | undefined>> = {
  generate: undefined,
  count: "messages",
  embed: "embeddings",
  complete: "completions",
  compact: "responses",
};

const operationsHaveWires: Case = {
  id: "operations-have-wires",
  topic: "shape",
  reason:
    "An operation comes with the wire that it is asked on, and `embeddings` and `completions` with their operation.",
  run: (subject) => {
    const { operations = [], countWires = [], wires } = subject.make();
    const declared = new Set<string>(operations);
    const alone = (["embed", "complete"] as const).filter((name) => has(wires, wireOf[name]) && !declared.has(name));
    return [
      ...[...declared]
        .filter((name) => !Object.hasOwn(wireOf, name))
        .map((name) => `there is no operation ${show(name)}`),
      ...(Object.entries(wireOf) as [Operation, Wire | undefined][])
        .filter(([name]) => name !== "count" || countWires.length === 0)
        .filter(([name, wire]) => declared.has(name) && wire !== undefined && !has(wires, wire))
        .map(([name, wire]) => `${name} is asked on ${wire}, which it does not speak`),
      ...alone.map((name) => `it speaks ${wireOf[name]} and does not declare ${name}, so that nobody asks it`),
    ];
  },
};

const has = (wires: Provider["wires"], wire: Wire | undefined): boolean =>
  wire !== undefined && wires[wire] !== undefined;

export const shapeCases: readonly Case[] = [
  pluginShape,
  contractVersion,
  kindName,
  authShape,
  catalogFacts,
  providerShape,
  wiresKnown,
  originsForm,
  listsOfNames,
  promisesForm,
  operationsHaveWires,
];
