import type { WireFeature } from "../pivot/features.ts";
import { isObject, toList, toObject } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";

/** Collects what is wrong with a body, each with its place. */
export class RequestFaults {
  readonly found: string[] = [];
  readonly features: ReadonlySet<WireFeature>;
  /** Tool calls of the whole conversation. */
  readonly #calls = new Set<unknown>();

  constructor(features: ReadonlySet<WireFeature>) {
    this.features = features;
  }

  expect(holds: boolean, path: string, text: string): boolean {
    if (!holds) this.found.push(`${path} ${text}`);
    return holds;
  }

  /** Only the keys that the server knows, and of those none without a value. */
  keys(object: JsonObject, path: string, known: string, gated: Readonly<Record<string, WireFeature>> = {}): void {
    const names = new Set(known.split(" "));
    for (const key of Object.keys(object)) {
      const feature = Object.hasOwn(gated, key) ? gated[key] : undefined;
      const allowed = names.has(key) || (feature !== undefined && this.features.has(feature));
      this.expect(allowed, `${path}.${key}`, "is no field of this server");
    }
  }

  /** An id that no call before it has, in letters that every server takes. */
  callId(id: unknown, path: string): void {
    this.expect(typeof id === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(id), path, `is the id ${JSON.stringify(id)}`);
    this.expect(!this.#calls.has(id), path, `repeats the id ${JSON.stringify(id)}`);
    this.#calls.add(id);
  }

  name(name: unknown, path: string): void {
    const plain = typeof name === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(name);
    this.expect(plain, path, `is the name ${JSON.stringify(name)}`);
  }

  schema(schema: unknown, path: string): void {
    this.expect(isObject(schema) && schema.type === "object", path, "is no schema of an object");
  }

  /** Tools that are there, each name once. */
  tools(value: unknown, path: string, nameOf: (tool: JsonObject) => unknown): JsonObject[] {
    if (value === undefined) return [];
    this.expect(Array.isArray(value) && value.length > 0, path, "is no list of tools");
    const tools = toList(value).map((tool) => toObject(tool) ?? {});
    const names = tools.map(nameOf).filter((name) => name !== undefined);
    this.expect(new Set(names).size === names.length, path, "names a tool twice");
    return tools;
  }

  number(body: JsonObject, key: string, least: number, most: number): void {
    const value = body[key];
    if (value === undefined) return;
    this.expect(typeof value === "number" && value >= least && value <= most, key, `is ${JSON.stringify(value)}`);
  }
}

export const isBlank = (value: unknown): boolean => typeof value !== "string" || value.trim() === "";
