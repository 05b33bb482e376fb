import { type Wire, wirePaths } from "@headgate/core";
import type { Findings } from "../case.ts";
import { show } from "../text.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string" && value !== "";
const isCount: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value > 0;
const isFlag: Check = (value) => typeof value === "boolean";
const isPrice: Check = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isSize: Check = (value) => typeof value === "number" && Number.isFinite(value) && value > 0;
const isListOf =
  (allowed: readonly string[]): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => allowed.includes(one));

const isCost: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).every(([key, price]) => /^(input|output|cacheRead|cacheWrite)$/.test(key) && isPrice(price)) &&
  ["input", "output"].every((key) => Object.hasOwn(value, key));

/** What each fact of a model may be. `data` is the plugin's own. */
const checks: ReadonlyMap<string, Check> = new Map([
  ["id", isText],
  ["name", isText],
  ["contextWindow", isCount],
  ["maxTokens", isCount],
  ["input", isListOf(["text", "image", "audio", "file"])],
  ["tools", isFlag],
  ["reasoning", isFlag],
  ["wires", isListOf(Object.keys(wirePaths) satisfies string[] as Wire[])],
  ["cost", isCost],
  ["state", (value) => value === "loaded" || value === "not-loaded"],
  ["parameters", isCount],
  ["bitsPerWeight", isSize],
  ["ownedBy", isText],
  ["data", () => true],
]);

/** What is wrong with a list of models: ids twice, facts of the wrong kind, facts that there are not. */
export function factFaults(models: readonly unknown[]): Findings {
  const seen = new Set<unknown>();
  return models.flatMap((model) => {
    if (typeof model !== "object" || model === null) return [`${show(model)} is no model`];
    const { id } = model as { readonly id?: unknown };
    const twice = seen.has(id) ? [`the model ${show(id)} is there twice`] : [];
    seen.add(id);
    const facts = Object.entries({ id, ...model });
    const odd = facts.filter(([key, value]) => value !== undefined && !(checks.get(key)?.(value) ?? false));
    const missing = id === undefined ? ["a model has no id"] : [];
    return [...twice, ...missing, ...odd.map(([key, value]) => `the model ${show(id)} has ${key} ${show(value)}`)];
  });
}
