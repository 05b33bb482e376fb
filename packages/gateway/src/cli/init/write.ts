import type { InstalledPlugin } from "../../plugins/installed.ts";
import type { Hosted } from "./hosted.ts";
import type { Plan, PlannedModel } from "./plan.ts";
import type { Server } from "./servers.ts";

/** The lines of a block; each block above puts two blanks before them. */
type Lines = readonly string[];

const indent = (lines: Lines): Lines => lines.map((line) => (line === "" ? "" : `  ${line}`));

const block = (key: string, lines: Lines): Lines =>
  lines.length === 0 ? [`${key}: {},`] : [`${key}: {`, ...indent(lines), "},"];

/** A text of the config; what looks like a variable in a stranger's name is none. */
const text = (value: string): string => JSON.stringify(value.replaceAll("${", () => "$${"));

/** Keys are never filled in. */
const key = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

/**
 * The whole file: JSON5, with a comment for every key. Where nothing was found, the rows that these plugins could have
 * stand in comments.
 */
export function writeConfig(plan: Plan, plugins: readonly InstalledPlugin[]): string {
  const lines = [
    "// Written by headgate init. After a change: headgate check. Every key: https://github.com/headgate/headgate/blob/main/docs/config.md",
    "{",
    ...indent(block("agents", block("defaults", writeDefaults(plan)))),
    ...indent(block("models", writeModels(plan, plugins))),
    "",
    ...indent(writeChoices(plan)),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function writeDefaults(plan: Plan): Lines {
  return [
    ...writeOrder(plan),
    ...writeTurned(plan),
    "// A short name for each model, which a request may use in place of the whole one. Upper and lower case are the same.",
    ...block(
      "models",
      plan.models.map(({ ref, alias }) => `${key(ref)}: { alias: ${text(alias)} },`),
    ),
  ];
}

function writeOrder({ local, rented }: Plan): Lines {
  const [primary, ...fallbacks] = [...local, ...rented];
  if (primary === undefined) {
    return [
      '// Who answers a request for "default", or for no model: write a ref, provider/model, and those that step in for it.',
      '// model: { primary: "provider/model", fallbacks: [] },',
    ];
  }
  return [
    '// Who answers a request for "default", or for no model.',
    ...block("model", [
      `primary: ${text(primary)},`,
      "// Asked in this order when the one before has failed. Nothing after the first word of an answer comes from another.",
      ...(local.length > 0 && rented.length > 0
        ? ["// The hosted ones, last, cost money and see the conversation: take them out to stay on this machine."]
        : []),
      ...(fallbacks.length === 0
        ? ["fallbacks: [],"]
        : ["fallbacks: [", ...indent(fallbacks.map((ref) => `${text(ref)},`)), "],"]),
    ]),
  ];
}

/** The other order, for those who want the hosted model first. */
function writeTurned({ local, rented }: Plan): Lines {
  const [primary, ...others] = rented;
  if (primary === undefined || local.length === 0) return [];
  const fallbacks = [...local, ...others].map(text).join(", ");
  return [
    "// The other way round, hosted first, this machine when that fails: put this in place of the model above.",
    `// model: { primary: ${text(primary)}, fallbacks: [${fallbacks}] },`,
  ];
}

function writeModels(plan: Plan, plugins: readonly InstalledPlugin[]): Lines {
  const isEmpty = plan.servers.length === 0 && plan.hosted.length === 0;
  return [
    '// "merge": what a plugin knows by itself can be asked for too. "replace": only the models written here.',
    'mode: "merge",',
    ...block("providers", [
      ...plan.servers.flatMap(writeServer),
      ...plan.hosted.flatMap(writeHosted),
      ...(isEmpty ? plugins.flatMap(writeExample) : []),
    ]),
  ];
}

function writeExample({ plugin: { kind, auth, detect } }: InstalledPlugin): Lines {
  const [port] = detect?.ports ?? [];
  if (port !== undefined) {
    const row = `{ baseUrl: "http://127.0.0.1:${port}/v1", models: [{ id: "a-model" }] }`;
    return [`// ${comment(detect?.name ?? kind)}:`, `// ${key(kind)}: ${row},`];
  }
  return auth?.env === undefined ? [] : [`// ${key(kind)}: { apiKey: "\${${auth.env}}" },`];
}

function writeServer(server: Server): Lines {
  const { id, name, port, baseUrl, models, places } = server;
  const isHere = places.every((place) => place === "local");
  return [
    `// ${comment(name)}, found on port ${port}.${isHere ? "" : " It may pass requests on to anywhere, so that its place is unknown."}`,
    ...block(key(id), [
      ...writePlugin(server),
      "// Where it is.",
      `baseUrl: ${text(baseUrl)},`,
      ...writeKey(server),
      ...(models.length === 0 ? ["// It listed no model: add { id: … } for each that it has."] : writeHints(server)),
      ...(models.length === 0 ? ["models: [],"] : ["models: [", ...indent(models.flatMap(writeModel)), "],"]),
    ]),
  ];
}

function writeHints({ models }: Server): Lines {
  const hints = ["What it has."];
  if (models.some(isMeasured)) hints.push("contextWindow is in tokens, as it was when this was written.");
  return [`// ${hints.join(" ")}`];
}

/** A window that a model would have at most says nothing of the one that it will be loaded with. */
const isMeasured = ({ state, contextWindow }: PlannedModel["facts"]): boolean =>
  contextWindow !== undefined && state !== "not-loaded";

function writeModel(facts: PlannedModel["facts"]): Lines {
  const { id, contextWindow, state } = facts;
  const window = isMeasured(facts) ? `, contextWindow: ${contextWindow}` : "";
  const most = contextWindow === undefined ? "" : `, with a window of ${contextWindow} tokens at most`;
  const note = state === "not-loaded" ? ` // not loaded: the first request loads it${most}` : "";
  return [`{ id: ${text(id)}${window} },${note}`];
}

function writeKey({ variable, wantsKeyIn, trouble }: Server): Lines {
  if (variable !== undefined) return keyFrom(variable);
  if (trouble === undefined) return [];
  const example = wantsKeyIn === undefined ? "sk-…" : `\${${wantsKeyIn}}`;
  return [
    "// It gave no list of its models. If it wants a key, name the variable that holds it:",
    `// apiKey: "${example}",`,
  ];
}

function writeHosted(hosted: Hosted): Lines {
  const { id, variable, model } = hosted;
  return [
    "// Hosted. headgate models lists what else it has.",
    ...block(key(id), [
      ...writePlugin(hosted),
      ...keyFrom(variable),
      ...(model === undefined ? ["// Name its models here: models: [{ id: … }]."] : []),
    ]),
  ];
}

/** Where it is not set one day, a row without the key is off with a warning; one that names the variable is wrong. */
const keyFrom = (variable: string): Lines => [
  `// Its key is read from ${variable} where Headgate starts. To take another:`,
  `// apiKey: "\${ANOTHER_VARIABLE}",`,
];

function writePlugin({ package: name, namesPlugin }: Pick<Server, "package" | "namesPlugin">): Lines {
  return namesPlugin ? ["// The package that knows how to ask it.", `plugin: ${text(name)},`] : [];
}

function writeChoices({ local }: Plan): Lines {
  const [primary = "provider/model"] = local;
  return [
    '// Where a request may run. "local": nothing leaves this machine, whatever the order above says. "eu", "us" …: that, or here.',
    '// within: "local",',
    "",
    "// A name with an order of its own, and a boundary of its own.",
    `// routes: { private: { primary: ${text(primary)}, within: "local" } },`,
    "",
    "// Where Headgate listens. Any other host than this machine needs keys.",
    '// gateway: { host: "127.0.0.1", port: 4323 },',
  ];
}

/** A plugin's words in a comment stay in it. */
const comment = (words: string): string => words.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
