import { readFileSync } from "node:fs";
import { escapeText, writeTable } from "./blocks.ts";

/** As much of a JSON Schema as a table tells. */
export interface SchemaNode {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
}

interface Key {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** What a user calls the keys of an object that may have any. */
const placeholders: ReadonlyMap<string, string> = new Map([
  ["models", "<ref>"],
  ["providers", "<id>"],
  ["routes", "<name>"],
]);

/** Where the tables are cut: a key belongs to the last section that it starts with. */
const sections = [
  ["config-agents", "agents"],
  ["config-models", "models"],
  ["config-row", "models.providers.<id>."],
  ["config-model", "models.providers.<id>.models[]."],
  ["config-routes", "routes"],
  ["config-within", "within"],
  ["config-retry", "retry"],
  ["config-gateway", "gateway"],
] as const;

/** A table for each section of the config file, by the name of its block. */
export function configTables(): ReadonlyMap<string, string> {
  const file = new URL("../../packages/core/config.schema.json", import.meta.url);
  const keys = keysOf(JSON.parse(readFileSync(file, "utf8")) as SchemaNode, "", false);
  const head = ["key", "takes", "default", "meaning"];
  return new Map(
    sections.map(([block, prefix]) => [
      block,
      writeTable(
        head,
        keys.filter(({ path }) => sectionOf(path) === block).map((key) => rowOf(key, prefix)),
      ),
    ]),
  );
}

function sectionOf(path: string): string | undefined {
  return sections.findLast(([, prefix]) => path.startsWith(prefix))?.[0];
}

/** Every key that takes a value of its own, in the order of the schema. */
function keysOf(node: SchemaNode, path: string, required: boolean): readonly Key[] {
  const inner = [node, ...(node.anyOf ?? [])].flatMap((option) => childrenOf(option, path));
  const isLeaf = inner.length === 0 || node.anyOf !== undefined || node.type === "array";
  const isKey = isLeaf && path !== "" && path !== "$schema" && !/[\]>]$/.test(path);
  return isKey ? [{ path, node, required }, ...inner] : inner;
}

function childrenOf(node: SchemaNode, path: string): readonly Key[] {
  const { properties = {}, required = [], additionalProperties: rest, items } = node;
  const name = path.split(".").at(-1) ?? "";
  const named = Object.entries(properties).flatMap(([key, child]) =>
    keysOf(child, path === "" ? key : `${path}.${key}`, required.includes(key)),
  );
  const placeholder = placeholders.get(name);
  const free =
    typeof rest === "object" && placeholder !== undefined ? keysOf(rest, `${path}.${placeholder}`, false) : [];
  const listed = items === undefined ? [] : keysOf(items, `${path}[]`, false);
  return [...named, ...free, ...listed];
}

const rowOf = ({ path, node, required }: Key, prefix: string): readonly string[] =>
  optionRow(prefix.endsWith(".") ? path.slice(prefix.length) : path, node, required);

/** The row of one key: what it takes, what it is where nobody says, what it means. */
export function optionRow(key: string, node: SchemaNode, required: boolean): readonly string[] {
  const [, meaning = "", told] = /^(.*?)(?: ?Default: (.*)\.)?$/.exec(node.description ?? "") ?? [];
  const fallback = typeof node.default === "string" ? `\`${node.default}\`` : required ? "required" : "–";
  return [`\`${key}\``, takes(node), told === undefined ? fallback : escapeText(told), escapeText(meaning)];
}

const duration = /\(ms\|s\|m\|h\)/;

function takes(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${value}\``).join(", ");
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(takes))].join(" or ");
  switch (node.type) {
    case "string":
      return duration.test(node.pattern ?? "") ? `duration, \`"${String(node.examples?.[0])}"\`` : "text";
    case "integer":
      return "whole number";
    case "boolean":
      return "true or false";
    case "array":
      return node.items?.enum === undefined
        ? `list${node.items?.type === "object" ? " of objects" : ""}`
        : `list of ${takes(node.items)}`;
    default:
      return node.type ?? "anything";
  }
}
