import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configJsonSchema, configJsonSchemaText } from "./json-schema.ts";

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

function keysWithoutDescription(node: Node, path: string): readonly string[] {
  const properties = Object.entries(isNode(node.properties) ? node.properties : {});
  const parts = [node.items, node.additionalProperties, ...(Array.isArray(node.anyOf) ? node.anyOf : [])];
  return [
    ...properties.flatMap(([key, child]) =>
      isNode(child)
        ? [
            ...(typeof child.description === "string" ? [] : [`${path}.${key}`]),
            ...keysWithoutDescription(child, `${path}.${key}`),
          ]
        : [],
    ),
    ...parts.filter(isNode).flatMap((part) => keysWithoutDescription(part, path)),
  ];
}

describe("config.schema.json", () => {
  it("is what the schema says; node packages/core/scripts/write-config-schema.ts writes it anew", () => {
    expect(readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8")).toBe(configJsonSchemaText());
  });

  it("describes every key", () => {
    expect(keysWithoutDescription(configJsonSchema() as Node, "")).toEqual([]);
  });

  it("lets a row have keys of its plugin, and nothing else keys of its own", () => {
    const text = JSON.stringify(configJsonSchema().properties?.models);
    expect(text.match(/"additionalProperties":\{\}/g)).toHaveLength(1);
  });
});
