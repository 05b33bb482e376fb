import { narrow } from "../admit/boundary.ts";
import { checkGateway } from "./check-gateway.ts";
import { checkNames } from "./check-names.ts";
import { checkWrittenRefs } from "./check-refs.ts";
import { checkRow } from "./check-rows.ts";
import { type Environment, fillIn, type ValueFault } from "./environment.ts";
import { type Explained, explainIssues } from "./issues.ts";
import { type ConfigPath, formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import { type Config, configSchema } from "./schema.ts";
import { prune, valueAt } from "./tree.ts";

/** What {@link parseConfig} made of a file. */
export interface ParsedConfig {
  /** What of the file is in order, completed with defaults. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads the value of a config file. Never throws: what is wrong is named and left out, a bad row of `models.providers`
 * as a whole. A config with an error that names no provider is not what the user meant, and is not to be served.
 */
export function parseConfig(value: unknown, environment: Environment): ParsedConfig {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { config: readShape({}, {}).config, problems: [notAnObject] };
  }
  const filled = fillIn(value, environment);
  const faults = filled.faults.map((fault) => explainFault(fault));
  const shape = readShape(filled.value, value);
  const rows = checkRows(shape.config);
  const names = checkNames(rows.config);
  const problems = firstAtEachPath([
    ...faults,
    ...shape.problems,
    ...rows.problems,
    ...names.problems,
    ...checkGateway(names.config.gateway),
  ]);
  const config = keepIn(disable(names.config, problems, value));
  return { config, problems: [...problems, ...checkWrittenRefs(config)] };
}

/** Where nothing may leave the machine, nothing that runs elsewhere is asked. */
function keepIn(config: Config): Config {
  if (config.gateway.egress === "any") return config;
  return { ...config, within: [...(narrow(config.within, ["local"]) ?? [])] };
}

const notAnObject: ConfigProblem = {
  severity: "error",
  path: "",
  message: "not an object",
  fix: 'write { agents: { defaults: { model: "lmstudio/qwen3-8b" } } }, for example',
};

function explainFault({ path, ...fault }: ValueFault): ConfigProblem {
  return withProvider({ severity: "error", path: formatPath(path), ...fault }, path);
}

/** Reads what has the right shape, taking out the rest piece by piece. */
function readShape(tree: unknown, written: unknown): ParsedConfig {
  const problems: ConfigProblem[] = [];
  let result = configSchema.safeParse(tree);
  while (!result.success) {
    // What is shown is what is written, so that nothing from the environment is.
    const explained = explainIssues(result.error.issues, written);
    problems.push(...explained.map(({ path, problem }) => withProvider(problem, path)));
    for (const path of pathsToPrune(explained)) prune(tree, path);
    result = configSchema.safeParse(tree);
  }
  const { data } = result;
  return { config: { ...data, models: { ...data.models, disabled: new Map() } }, problems };
}

/** Last items of a list first, so that the others keep their places; a bad row as a whole. */
function pathsToPrune(explained: readonly Explained[]): readonly ConfigPath[] {
  const paths = explained.map(({ path }) => (providerOf(path) === undefined ? path : path.slice(0, 3)));
  const byText = new Map(paths.map((path) => [formatPath(path), path]));
  return [...byText.values()].sort((one, other) => Number(other.at(-1)) - Number(one.at(-1)) || 0);
}

function checkRows(config: Config): ParsedConfig {
  return { config, problems: [...config.models.providers].flatMap(([id, row]) => checkRow(id, row)) };
}

/** Moves every row with an error from `providers` to `disabled`. */
function disable(config: Config, problems: readonly ConfigProblem[], written: unknown): Config {
  const bad = new Set(problems.flatMap(({ severity, provider }) => (severity === "error" ? (provider ?? []) : [])));
  const models = {
    ...config.models,
    providers: new Map([...config.models.providers].filter(([id]) => !bad.has(id))),
    disabled: new Map([...bad].map((id) => [id, writtenModelIds(written, id)])),
  };
  return { ...config, models };
}

function writtenModelIds(written: unknown, provider: string): readonly string[] {
  const models = valueAt(written, ["models", "providers", provider, "models"]);
  const ids = Array.isArray(models) ? models.map((_, index) => valueAt(models, [index, "id"])) : [];
  return ids.filter((id) => typeof id === "string");
}

function providerOf(path: ConfigPath): string | undefined {
  const [models, providers, id] = path;
  return models === "models" && providers === "providers" && id !== undefined ? String(id) : undefined;
}

function withProvider(problem: ConfigProblem, path: ConfigPath): ConfigProblem {
  const provider = providerOf(path);
  return provider === undefined ? problem : { ...problem, provider };
}

/** A value that could not be filled in would be blamed once more for its shape. */
function firstAtEachPath(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, severity }) => {
    const repeated = seen.has(path);
    if (severity === "error") seen.add(path);
    return !repeated;
  });
}
