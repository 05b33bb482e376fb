import type { ConfigResult } from "@headgate/core/provider";
import { type Config, properties, schema, validate } from "./base.ts";
import { type Mutant, ofPlugin, ofProvider } from "./mutant.ts";

const refusing = (message: string, path?: readonly string[]): ConfigResult<Config> => ({
  issues: [{ message, ...(path === undefined ? {} : { path }) }],
});

const withValidate = (change: (row: Readonly<Record<string, unknown>>) => unknown): object => ({
  config: schema({ validate: change as typeof validate }),
});

/** Lies about what a plugin is, and about its config. */
export const shapeMutants: readonly Mutant[] = [
  ofPlugin("plugin-shape", "it has no kind", { kind: undefined }),
  ofPlugin("plugin-shape", "its config is a plain object", { config: { baseUrl: "text" } }),
  ofPlugin("plugin-shape", "it cannot create", { create: {} }),
  ofPlugin("contract-version", "it speaks contract 2", { contract: 2 }),
  ofPlugin("contract-version", "its contract is a text", { contract: "1" }),
  ofPlugin("kind-name", "its kind is a title", { kind: "Meridian AI" }),
  ofPlugin("auth-shape", "its header is in capitals", { auth: { header: "Authorization" } }),
  ofPlugin("auth-shape", "its variable is the key itself", { auth: { header: "authorization", env: "sk-1234" } }),
  ofPlugin("catalog-facts", "its catalog names a model twice", { catalog: [{ id: "a" }, { id: "a" }] }),
  ofPlugin("catalog-facts", "its windows are texts", { catalog: [{ id: "a", contextWindow: "128k" }] }),
  ofPlugin("catalog-facts", "its models see what there is not", { catalog: [{ id: "a", input: ["vision"] }] }),
  ofPlugin("provider-shape", "it creates in a promise", { create: async () => ({}) }),
  ofProvider("provider-shape", "it cannot read failures", () => ({ failure: undefined })),
  ofProvider("wires-known", "it speaks a wire that there is not", () => ({ wires: { completion: "exact" } })),
  ofProvider("wires-known", "it speaks a wire well", () => ({ wires: { chat: "good" } })),
  ofProvider("wires-known", "it speaks nothing", () => ({ wires: {}, operations: [] })),
  ofProvider("origins-form", "its origin has a path", ({ origins }) => ({ origins: [`${origins[0]}/v1`] })),
  ofProvider("origins-form", "its origins are many", () => ({ origins: ["https://*.meridian.example"] })),
  ofProvider("names-form", "it forwards a header in capitals", () => ({ forwards: ["X-Meridian-Trace"] })),
  ofProvider("promises-form", "it prefers what it does not speak", () => ({ preferredWires: ["responses"] })),
  ofProvider("promises-form", "it counts on what it does not speak", () => ({ countWires: ["responses"] })),
  ofProvider("promises-form", "it refreshes nothing", () => ({ refresh: { every: 1, keep: 2 }, models: undefined })),
  ofProvider("promises-form", "it forgets before it reads again", () => ({ refresh: { every: 9, keep: 1 } })),
  ofProvider("operations-have-wires", "it counts on a wire that it lacks", ({ wires }) => ({
    wires: { ...wires, messages: undefined },
  })),
  ofProvider("operations-have-wires", "it hides that it embeds", () => ({ operations: ["count", "complete"] })),

  ofPlugin(
    "config-given",
    "it refuses every config",
    withValidate(() => refusing("no", ["baseUrl"])),
  ),
  ofPlugin(
    "config-synchronous",
    "its schema takes its time",
    withValidate(async (row) => validate(row)),
  ),
  ofPlugin(
    "config-names-field",
    "it takes keys that it does not know",
    withValidate(({ baseUrl, region }) => validate({ baseUrl, region })),
  ),
  ofPlugin(
    "config-names-field",
    "it does not say which key is wrong",
    withValidate((row) => (validate(row).issues === undefined ? validate(row) : refusing("the config is wrong"))),
  ),
  ofPlugin(
    "config-names-field",
    "it takes any region",
    withValidate(({ region, ...row }) => validate(row)),
  ),
  ofPlugin(
    "config-names-field",
    "its schema throws",
    withValidate((row) => {
      if (validate(row).issues !== undefined) throw new Error("invalid");
      return validate(row);
    }),
  ),
  ofPlugin(
    "config-hides-values",
    "it quotes what is wrong",
    withValidate((row) => {
      const { issues } = validate(row);
      return issues === undefined ? validate(row) : refusing(`not valid: ${JSON.stringify(row)}`, ["baseUrl"]);
    }),
  ),
  ofPlugin("config-host-keys", "it asks for the key", {
    config: schema({ jsonSchema: { input: () => ({ type: "object", properties: { ...properties, apiKey: {} } }) } }),
  }),
  ofPlugin("config-json-schema", "its JSON Schema is of a text", {
    config: schema({ jsonSchema: { input: () => ({ type: "string" }) } }),
  }),
];
