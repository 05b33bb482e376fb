import type { z } from "zod";
import { nearNames } from "../names/near.ts";
import { configJsonSchema } from "./json-schema.ts";
import { type ConfigPath, formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import { showValue } from "./show.ts";
import { valueAt } from "./tree.ts";

type Issue = z.core.$ZodIssue;
type SchemaNode = z.core.JSONSchema.BaseSchema;

/** A problem and what to take out of the value so that the rest can be read. */
export interface Explained {
  readonly path: ConfigPath;
  readonly problem: ConfigProblem;
}

/** Turns what zod says into problems that name path, value and fix. `root` is the value as it is written. */
export function explainIssues(issues: readonly Issue[], root: unknown): readonly Explained[] {
  const schema = configJsonSchema();
  return issues.flatMap((issue) => flatten(issue, [])).flatMap((issue) => explain(issue, root, schema));
}

/** Of a union's branches, the one that fits the value's kind has more to say than the union. */
function flatten(issue: Issue, base: ConfigPath): readonly Issue[] {
  const path = [...base, ...toPath(issue.path)];
  if (issue.code === "invalid_union") {
    const fitting = issue.errors.find((branch) => !branch.some(isOfAnotherKind));
    if (fitting !== undefined) return fitting.flatMap((inner) => flatten(inner, path));
  }
  return [{ ...issue, path } as Issue];
}

function isOfAnotherKind(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function explain(issue: Issue, root: unknown, schema: SchemaNode): readonly Explained[] {
  const path = toPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...path, key], root, knownKeys(nodesAt(schema, path))));
  }
  const written = valueAt(root, path);
  const value = issue.code === "invalid_key" ? undefined : showValue(written, path);
  const problem = {
    severity: "error" as const,
    path: formatPath(path),
    ...(value !== undefined && { value }),
    message: messageOf(issue, written),
    fix: fixOf(issue, written, path, nodesAt(schema, path)),
  };
  return [{ path, problem }];
}

function unknownKey(path: ConfigPath, root: unknown, known: readonly string[]): Explained {
  const near = nearNames(String(path.at(-1)), known, 1);
  const value = showValue(valueAt(root, path), path);
  const fix =
    near.length > 0 ? `did you mean ${near.join()}?` : `take it out; known here: ${known.join(", ") || "nothing"}`;
  const problem = {
    severity: "error" as const,
    path: formatPath(path),
    ...(value !== undefined && { value }),
    message: "unknown key",
    fix,
  };
  return { path, problem };
}

function messageOf(issue: Issue, written: unknown): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? issue.message;
  if (written === undefined) return "is missing";
  if (issue.code === "invalid_value") return "not one of the known values";
  // Where the schema says nothing of its own, zod's sentence starts like this.
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid input")) {
    return `expected ${withArticle(issue.expected)}`;
  }
  return issue.message;
}

function withArticle(kind: string): string {
  const names: ReadonlyMap<string, string> = new Map([
    ["object", "an object"],
    ["record", "an object"],
    ["array", "a list"],
    ["int", "a whole number"],
    ["boolean", "true or false"],
  ]);
  return names.get(kind) ?? `a ${kind}`;
}

function fixOf(issue: Issue, written: unknown, path: ConfigPath, nodes: readonly SchemaNode[]): string {
  if (issue.code === "invalid_key") return "take it out, or give it another name";
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const near = typeof written === "string" ? nearNames(written, values) : [];
    return near.length === 1 ? `did you mean ${JSON.stringify(near[0])}?` : `write one of ${values.join(", ")}`;
  }
  const key = path.at(-1);
  const example = nodes.flatMap((node) => node.examples ?? [])[0];
  if (example === undefined) return "correct it or take it out";
  return `write ${typeof key === "string" ? `${writeKey(key)}: ` : ""}${writeExample(example)}, for example`;
}

function writeKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

function writeExample(example: unknown): string {
  return JSON.stringify(example).replace(/"([A-Za-z_$][\w$]*)":/g, "$1: ");
}

/** Every description of the schema that a path leads to: a union has several. */
function nodesAt(schema: SchemaNode, path: ConfigPath): readonly SchemaNode[] {
  return path.reduce<readonly SchemaNode[]>(
    (nodes, step) => nodes.flatMap((node) => [node, ...(node.anyOf ?? [])].flatMap((option) => child(option, step))),
    [schema],
  );
}

function child(node: SchemaNode, step: string | number): readonly SchemaNode[] {
  const properties = new Map(Object.entries(node.properties ?? {}));
  const next = typeof step === "number" ? node.items : (properties.get(step) ?? node.additionalProperties);
  return typeof next === "object" && !Array.isArray(next) ? [next] : [];
}

function knownKeys(nodes: readonly SchemaNode[]): readonly string[] {
  return nodes.flatMap((node) =>
    [node, ...(node.anyOf ?? [])].flatMap((option) => Object.keys(option.properties ?? {})),
  );
}

function toPath(path: readonly PropertyKey[]): ConfigPath {
  return path.map((step) => (typeof step === "symbol" ? String(step) : step));
}
