import type { ConfigIssue, ConfigResult, HostKey, ProviderPlugin } from "@headgate/core";
import type { Case, Findings } from "../case.ts";
import { fillIn, type Settings } from "../settings.ts";
import type { Subject } from "../subject.ts";
import { messageOf, show } from "../text.ts";

const settingsOf = (subject: Subject): Settings => fillIn(subject.settings, subject.at("http://127.0.0.1:9"));

type Verdict = ConfigResult<unknown> | Promise<ConfigResult<unknown>>;

const validate = (plugin: ProviderPlugin, row: Settings): Verdict => plugin.config["~standard"].validate(row);

/** What a schema says against a row; nothing where it takes it. Throws where it makes one wait. */
function issuesOf(plugin: ProviderPlugin, row: Settings): readonly ConfigIssue[] {
  const result = validate(plugin, row);
  return result instanceof Promise ? [] : (result.issues ?? []);
}

const stepsOf = ({ path = [] }: ConfigIssue): readonly string[] =>
  path.map((step) => String(typeof step === "object" ? step.key : step));

const configGiven: Case = {
  id: "config-given",
  topic: "config",
  bare: true,
  reason: "The config that it is tested with is accepted, and makes a provider.",
  run: (subject) => {
    subject.make();
    return [];
  },
};

const configSynchronous: Case = {
  id: "config-synchronous",
  topic: "config",
  bare: true,
  reason: "The schema answers at once: a row is checked before anything is asked.",
  run: (subject) => {
    const rows = [settingsOf(subject), {}, { [unknownKey]: true }];
    const waits = rows.some((row) => validate(subject.plugin, row) instanceof Promise);
    return waits ? ["validate gives a promise"] : [];
  },
};

/** No plugin has such a key. */
const unknownKey = "testkitUnknownKey";

/** Of these, no key takes all. */
const odd: readonly unknown[] = [42, {}, [], true, "", null];

/** Every key of the row with every odd value, and a key that there is not. */
function badRows(subject: Subject): readonly (readonly [key: string, row: Settings])[] {
  const settings = settingsOf(subject);
  const keys = new Set([...Object.keys(settings), ...propertiesOf(subject.plugin)]);
  const rows = [...keys].flatMap((key) => odd.map((value) => [key, { ...settings, [key]: value }] as const));
  return [...rows, [unknownKey, { ...settings, [unknownKey]: true }]];
}

const configNamesField: Case = {
  id: "config-names-field",
  topic: "config",
  bare: true,
  reason: "A wrong value or an unknown key is refused by its name, so that a typing error is found.",
  run: (subject) => {
    const refused = new Set<string>();
    const findings = badRows(subject).flatMap(([key, row]): Findings => {
      const given = show(row[key]);
      try {
        const issues = issuesOf(subject.plugin, row);
        if (issues.length > 0) refused.add(key);
        const named = issues.every((issue) => stepsOf(issue)[0] === key || issue.message?.includes(key));
        return named ? [] : [`the fault of ${key}: ${given} is told without its name: ${show(issues[0]?.message)}`];
      } catch (error) {
        return [`the schema throws at ${key}: ${given}: ${messageOf(error)}`];
      }
    });
    const taken = [...new Set(badRows(subject).map(([key]) => key))].filter((key) => !refused.has(key));
    return [...findings, ...taken.map((key) => `${key} is taken whatever it is`)];
  },
};

const stray = "sk-a-key-in-the-wrong-place";

const configHidesValues: Case = {
  id: "config-hides-values",
  topic: "config",
  bare: true,
  reason: "What is said against a row does not quote its values: one may be a key in the wrong place.",
  run: (subject) => {
    const settings = settingsOf(subject);
    const keys = [...new Set([...Object.keys(settings), ...propertiesOf(subject.plugin), unknownKey])];
    const issues = keys.flatMap((key) => issuesOf(subject.plugin, { ...settings, [key]: stray }));
    return issues
      .filter((issue) => `${issue.message} ${stepsOf(issue).join(".")}`.includes(stray))
      .map(({ message }) => `it quotes the value: ${show(message)}`);
  },
};

const hostKeys: readonly HostKey[] = [
  "plugin",
  "place",
  "api",
  "wires",
  "apiKey",
  "timeouts",
  "concurrency",
  "headers",
  "models",
  "within",
];

const configHostKeys: Case = {
  id: "config-host-keys",
  topic: "config",
  bare: true,
  reason: "The schema asks for no key of the host's (`apiKey`, `headers`, …): a plugin never gets to see one.",
  spares: ({ plugin }) => (jsonSchemaOf(plugin) === undefined ? "the schema writes no JSON Schema" : undefined),
  run: ({ plugin }) =>
    propertiesOf(plugin)
      .filter((key) => hostKeys.some((hostKey) => hostKey === key))
      .map((key) => `the schema has ${key}, which the host keeps`),
};

const configJsonSchema: Case = {
  id: "config-json-schema",
  topic: "config",
  bare: true,
  reason: "The schema writes itself as a JSON Schema of an object, which editors show to users.",
  spares: ({ plugin }) =>
    plugin.config["~standard"].jsonSchema === undefined ? "the schema writes no JSON Schema" : undefined,
  run: ({ plugin }) => {
    const schema = jsonSchemaOf(plugin);
    if (schema === undefined) return ["it writes none"];
    return schema.type === "object" ? [] : [`it is a schema of ${show(schema.type)}, not of an object`];
  },
};

function jsonSchemaOf(plugin: ProviderPlugin): Readonly<Record<string, unknown>> | undefined {
  return plugin.config["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
}

const propertiesOf = (plugin: ProviderPlugin): readonly string[] => Object.keys(jsonSchemaOf(plugin)?.properties ?? {});

export const configCases: readonly Case[] = [
  configGiven,
  configSynchronous,
  configNamesField,
  configHidesValues,
  configHostKeys,
  configJsonSchema,
];
