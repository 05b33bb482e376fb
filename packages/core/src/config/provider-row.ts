import { z } from "zod";
import type { HostKey } from "../provider/plugin.ts";
import { apiField, boundaryField, durationField, placeField, toWires, wiresField } from "./fields.ts";

const price = (description: string) =>
  z
    .number()
    .min(0, { error: "a price is 0 or more" })
    .meta({ description, examples: [3] });

const tokens = (description: string, example: number) =>
  z
    .int({ error: "not a whole number of tokens" })
    .min(1, { error: "a number of tokens is 1 or more" })
    .meta({ description, examples: [example] });

const cost = z
  .strictObject({
    input: price("US dollars per million input tokens."),
    output: price("US dollars per million output tokens."),
    cacheRead: price("US dollars per million tokens read from a cache.").exactOptional(),
    cacheWrite: price("US dollars per million tokens written to a cache.").exactOptional(),
  })
  .meta({ description: "What the model costs.", examples: [{ input: 3, output: 15 }] });

/** One model of a row. What is absent is unknown, and a plugin's catalog may fill it in. */
export const modelRowSchema = z
  .strictObject({
    id: z
      .string()
      .min(1, { error: "a model needs an id" })
      .meta({ description: "As the backend spells it; passed on verbatim.", examples: ["qwen3-8b"] }),
    name: z
      .string()
      .exactOptional()
      .meta({ description: "For people. Default: the id.", examples: ["Qwen3 8B"] }),
    reasoning: z
      .boolean()
      .exactOptional()
      .meta({ description: "Takes a reasoning effort.", examples: [true] }),
    input: z
      .array(z.enum(["text", "image", "audio", "file"]).meta({ description: "A kind of content." }))
      .exactOptional()
      .meta({ description: "What a request may contain. Default: unknown, nothing is refused.", examples: [["text"]] }),
    tools: z
      .boolean()
      .exactOptional()
      .meta({ description: "Takes function tools.", examples: [true] }),
    cost: cost.exactOptional(),
    contextWindow: tokens("Tokens of input and output together.", 131072).exactOptional(),
    maxTokens: tokens("Most tokens of one answer.", 8192).exactOptional(),
    api: apiField.exactOptional(),
    wires: wiresField.exactOptional(),
    within: boundaryField("Narrows where requests for this model may run.").exactOptional(),
  })
  .transform(({ api, wires, ...row }) => ({
    ...row,
    ...toWires({ ...(api && { api }), ...(wires && { wires }) }),
  }))
  .meta({ description: "A model of this provider.", examples: [{ id: "qwen3-8b", contextWindow: 131072 }] });

/** The clocks of one provider; what is absent has the default of where the provider runs. */
export const timeoutsSchema = z
  .strictObject({
    connect: durationField("Until the connection stands. Default: 2 s local, 10 s hosted.", "2s").exactOptional(),
    load: durationField(
      "Until a model is loaded; no other clock runs meanwhile. Default: 10 min.",
      "10m",
    ).exactOptional(),
    firstOutput: durationField(
      "Until a stream's first output. Default: 300 s local, 120 s hosted.",
      "120s",
    ).exactOptional(),
    idle: durationField("Between two pieces of a stream. Default: 120 s.", "120s").exactOptional(),
    whole: durationField("A whole, unstreamed answer. Default: 10 min.", "10m").exactOptional(),
    total: durationField("One attempt from end to end. Default: off.", "30m").exactOptional(),
  })
  .meta({ description: "This provider's clocks.", examples: [{ firstOutput: "120s" }] });

/** How much of one provider is used at once. */
const concurrency = z
  .strictObject({
    max: z
      .int({ error: "not a whole number" })
      .min(1, { error: "1 or more; leave concurrency out for no limit" })
      .meta({ description: "Exchanges at the same time; a stream counts until its end.", examples: [2] }),
    queue: z
      .int({ error: "not a whole number" })
      .min(0, { error: "0 or more" })
      .max(10_000, { error: "10000 or fewer" })
      .default(64)
      .meta({ description: "Requests that may wait for a place. Default: 64.", examples: [64] }),
    wait: durationField("How long each may wait. Default: 60 s.", "60s").default(60_000),
  })
  .meta({
    description:
      "How much may be asked of it at the same time; clients take turns, and a full provider is passed over while another candidate has room. Default: no limit.",
    examples: [{ max: 2 }],
  });

const framingHeaders = new Set(
  "connection content-length expect host keep-alive te trailer transfer-encoding upgrade".split(" "),
);

const headers = z
  .record(
    z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: "not a header's name" })
      .refine((name) => !framingHeaders.has(name.toLowerCase()), {
        error: "a header of the connection itself, which Headgate sets",
      }),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: "not a header's value: one line, Latin-1" }),
  )
  .transform((record) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value])))
  .meta({ description: "Sent with every request to this provider.", examples: [{ "x-team": "search" }] });

/** Keys of a row that the host keeps; the others are the plugin's. */
const hostFields = {
  plugin: z
    .string()
    .min(1, { error: "names no plugin" })
    .exactOptional()
    .meta({
      description:
        "Package name, or a path that starts with a dot, from the config file's folder. Default: @headgate/provider-<id>, then headgate-provider-<id>, then the generic adapter when there is a baseUrl.",
      examples: ["./my-provider.js"],
    }),
  place: placeField.exactOptional(),
  api: apiField.exactOptional(),
  wires: wiresField.exactOptional(),
  apiKey: z
    .string()
    .min(1, { error: "an empty key; leave it out for none" })
    .regex(/^[\x21-\x7e]+$/, { error: "not a key: blanks, line breaks or letters that no header can carry" })
    .exactOptional()
    .meta({
      description: "The key; ${NAME} reads it from the environment. Default: the variable that the plugin names.",
      examples: ["${ANTHROPIC_API_KEY}"],
    }),
  timeouts: timeoutsSchema.exactOptional(),
  concurrency: concurrency.exactOptional(),
  headers: headers.exactOptional(),
  models: z
    .array(modelRowSchema)
    .exactOptional()
    .meta({ description: "Models of this provider; they win over the plugin's catalog.", examples: [[]] }),
  within: boundaryField("Narrows where requests through this provider may run.").exactOptional(),
  allow: z
    .array(
      z
        .enum(["remote-urls", "hosted-tools"], { error: "neither remote-urls nor hosted-tools" })
        .meta({ description: "A way out of its place." }),
    )
    .exactOptional()
    .meta({
      description:
        "What requests with a boundary may still hold for this provider, although it reaches beyond its place for it: images and files by URL, tools of the vendor's own. Default: nothing; such a request is not sent there.",
      examples: [["remote-urls"]],
    }),
} satisfies Record<HostKey, z.ZodType>;

/** One row of `models.providers`. Keys that are not the host's go to the plugin's own schema as they are. */
export const providerRowSchema = z
  .looseObject({
    baseUrl: z
      .string()
      .exactOptional()
      .meta({
        description: "Where the backend listens. Default: the plugin's.",
        examples: ["http://127.0.0.1:1234/v1"],
      }),
    ...hostFields,
  })
  .transform(
    ({ plugin, place, api, wires, apiKey, timeouts, concurrency, headers, models, within, allow, ...settings }) => ({
      ...(plugin !== undefined && { plugin }),
      ...(place !== undefined && { place }),
      ...toWires({ ...(api && { api }), ...(wires && { wires }) }),
      ...(apiKey !== undefined && { apiKey }),
      timeouts: timeouts ?? {},
      ...(concurrency !== undefined && { concurrency }),
      headers: headers ?? {},
      models: models ?? [],
      ...(within !== undefined && { within }),
      ...(allow !== undefined && { allow }),
      ...(settings.baseUrl !== undefined && { baseUrl: settings.baseUrl }),
      /** The row less the host's keys: what the plugin's schema gets. */
      settings: settings as Readonly<Record<string, unknown>>,
    }),
  )
  .meta({
    description: "A provider; its key is its id. Keys beyond these belong to its plugin.",
    examples: [{ baseUrl: "http://127.0.0.1:1234/v1" }],
  });
