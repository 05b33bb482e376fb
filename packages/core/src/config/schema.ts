import { z } from "zod";
import { defaultRetryPolicy } from "../failure/retry.ts";
import { boundaryField, durationField } from "./fields.ts";
import { gatewaySchema } from "./gateway-section.ts";
import { type modelRowSchema, providerRowSchema, type timeoutsSchema } from "./provider-row.ts";

const ref = z
  .string()
  .min(1, { error: "names no model" })
  .meta({ description: "provider/model.", examples: ["anthropic/claude-sonnet-4-5"] });

const primary = ref.meta({ description: "Asked first: provider/model.", examples: ["anthropic/claude-sonnet-4-5"] });

const fallbacks = z
  .array(ref)
  .default([])
  .meta({ description: "Asked in this order when those before cannot answer.", examples: [["lmstudio/qwen3-8b"]] });

const defaultModel = z
  .union([primary, z.strictObject({ primary, fallbacks })], { error: "neither a ref nor { primary, fallbacks }" })
  .transform((model) => (typeof model === "string" ? { primary: model, fallbacks: [] } : model))
  .meta({
    description: "Who answers a request that names no model, or default.",
    examples: [{ primary: "lmstudio/qwen3-8b", fallbacks: [] }],
  });

const agents = z
  .strictObject({
    defaults: z
      .strictObject({
        model: defaultModel.exactOptional(),
        models: z
          .record(
            z.string(),
            z
              .strictObject({
                alias: z
                  .string()
                  .trim()
                  .exactOptional()
                  .meta({
                    description: "A short name for this ref, in any case.",
                    examples: ["Sonnet"],
                  }),
              })
              .meta({ description: "About one ref.", examples: [{ alias: "Sonnet" }] }),
          )
          .default({})
          .transform(toMap)
          .meta({
            description: "Names for refs; the key is a ref.",
            examples: [{ "anthropic/claude-sonnet-4-5": { alias: "Sonnet" } }],
          }),
      })
      .prefault({})
      .meta({ description: "What holds for every agent.", examples: [{ model: "lmstudio/qwen3-8b" }] }),
  })
  .prefault({})
  .meta({
    description: "Which models are asked, and what they are called.",
    examples: [{ defaults: { model: "lmstudio/qwen3-8b" } }],
  });

const models = z
  .strictObject({
    mode: z
      .enum(["merge", "replace"])
      .default("merge")
      .meta({
        description: "merge keeps the models that plugins know, replace uses only what is written. Default: merge.",
        examples: ["merge"],
      }),
    providers: z
      .record(z.string(), providerRowSchema)
      .default({})
      .transform(toMap)
      .meta({
        description: "Backends by id.",
        examples: [{ lmstudio: { baseUrl: "http://127.0.0.1:1234/v1" } }],
      }),
  })
  .prefault({})
  .meta({ description: "Where models are.", examples: [{ mode: "merge", providers: {} }] });

const route = z
  .strictObject({
    primary,
    fallbacks,
    within: boundaryField("Narrows where requests on this route may run.").exactOptional(),
    strict: z
      .boolean()
      .exactOptional()
      .meta({
        description: "Refuse a request with 400 where its meaning cannot be carried to the backend. Default: false.",
        examples: [true],
      }),
    coldStart: z
      .enum(["wait", "prefer-warm", "never"])
      .exactOptional()
      .meta({
        description:
          "A model that is not in memory: wait has it loaded, prefer-warm asks those that are loaded first, never skips it. Default: wait.",
        examples: ["prefer-warm"],
      }),
    hedge: z
      .strictObject({
        after: durationField("Time without output after which the next candidate is asked, too.", "2s"),
      })
      .exactOptional()
      .meta({
        description:
          "Ask the next candidate beside one that is slow to answer; the first output is the answer, and the other is cancelled. Both may cost. Default: off.",
        examples: [{ after: "2s" }],
      }),
  })
  .meta({ description: "An ordered list of refs with a name.", examples: [{ primary: "lmstudio/qwen3-8b" }] });

const retry = z
  .strictObject({
    maxWait: durationField("Longest wait before asking the same again while another candidate waits.", "500ms", 0)
      .default(defaultRetryPolicy.maxWait)
      .meta({
        description: "Longest wait before asking the same again while another candidate waits. Default: 500 ms.",
        examples: ["500ms"],
      }),
    lastWindow: durationField("Time for repeats.", "10s", 0)
      .default(defaultRetryPolicy.lastWindow)
      .meta({ description: "Time for repeats when no other candidate is left. Default: 10 s.", examples: ["10s"] }),
    lastRepeats: z
      .int({ error: "not a whole number" })
      .min(0, { error: "0 or more" })
      .max(10, { error: "10 or fewer" })
      .default(defaultRetryPolicy.lastRepeats)
      .meta({ description: "Repeats when no other candidate is left. Default: 2.", examples: [2] }),
  })
  .prefault({})
  .meta({ description: "How often the same candidate is asked again.", examples: [{ lastRepeats: 2 }] });

/** The user's file: the one source of types, errors and the JSON Schema. */
export const configSchema = z
  .strictObject({
    $schema: z
      .string()
      .exactOptional()
      .meta({
        description: "For editors.",
        examples: ["./node_modules/@headgate/core/config.schema.json"],
      }),
    agents,
    models,
    routes: z
      .record(z.string(), route)
      .default({})
      .transform(toMap)
      .meta({
        description: "Named routes; * answers to names that nothing else has.",
        examples: [{ fast: { primary: "lmstudio/qwen3-8b" } }],
      }),
    within: boundaryField("Where requests may run; every other boundary can only narrow it.").exactOptional(),
    retry,
    gateway: gatewaySchema.prefault({}),
  })
  .transform(({ $schema: _, ...config }) => config);

// Users choose these keys, and an object has names of its own (constructor, toString) that a Map has not.
function toMap<Value>(record: Record<string, Value>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record));
}

type Parsed = z.output<typeof configSchema>;

/** The file as the rest of Headgate reads it: complete, checked, durations in milliseconds. */
export interface Config extends Omit<Parsed, "models"> {
  readonly models: ModelsConfig;
}

/** `models` of the file. */
export interface ModelsConfig {
  readonly mode: "merge" | "replace";
  /** Rows that are in order, by id. */
  readonly providers: ReadonlyMap<string, ProviderRow>;
  /**
   * Rows that a fault disables, by id, each with the ids of the models it names. Refs to them stay known, so that a
   * broken row is skipped with its reason, and never becomes an empty row that reaches the plugin's default address.
   */
  readonly disabled: ReadonlyMap<string, readonly string[]>;
}

/** What a file may hold: {@link Config} before defaults, with durations as strings. */
export type ConfigInput = z.input<typeof configSchema>;
/** `agents` of the file. */
export type AgentsConfig = Parsed["agents"];
/** A row of `models.providers`. */
export type ProviderRow = z.output<typeof providerRowSchema>;
/** A model of a row. */
export type ModelRow = z.output<typeof modelRowSchema>;
/** A named route. */
export type RouteRow = z.output<typeof route>;
/** What becomes of a request to a model that is not in memory. */
export type ColdStart = NonNullable<RouteRow["coldStart"]>;
/** A provider's clocks, in milliseconds. */
export type Timeouts = z.output<typeof timeoutsSchema>;
/** `retry` of the file, in milliseconds. */
export type RetryConfig = z.output<typeof retry>;
/** `gateway` of the file. */
export type GatewayConfig = z.output<typeof gatewaySchema>;
/** A key that clients may send. */
export type GatewayKey = GatewayConfig["keys"][number];
