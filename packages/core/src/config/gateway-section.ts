import { z } from "zod";
import { boundaryField, durationField, sizeField } from "./fields.ts";

const secret = z
  .string()
  .min(1, { error: "an empty key" })
  .regex(/^[\x21-\x7e]+$/, { error: "not a key: blanks, line breaks or letters that no header can carry" })
  .meta({
    description: "What a client sends; ${NAME} reads it from the environment.",
    examples: ["${HEADGATE_KEY}"],
  });

const key = z
  .strictObject({
    id: z
      .string()
      .min(1, { error: "a key needs an id" })
      .meta({
        description: "Names the key in logs and receipts.",
        examples: ["laptop"],
      }),
    key: secret,
    within: boundaryField("Narrows where requests with this key may run.").exactOptional(),
  })
  .meta({ description: "A key with a name.", examples: [{ id: "laptop", key: "${HEADGATE_KEY}" }] });

const day = 24 * 3_600_000;

const receipts = z
  .strictObject({
    maxAge: durationField("How long a receipt is kept. Default: 168h.", "720h").default(7 * day),
    maxSize: sizeField("Size of all of them; the oldest go first. Default: 64 MiB.", "64MiB").default(64 * 2 ** 20),
  })
  .meta({ description: "How much is kept.", examples: [{ maxAge: "720h" }] });

const responses = z
  .strictObject({
    maxAge: durationField("How long a response is kept after its last use. Default: 168h.", "24h").default(7 * day),
    maxSize: sizeField("Size of all of them; those unused for longest go first. Default: 256 MiB.", "256MiB").default(
      256 * 2 ** 20,
    ),
  })
  .meta({ description: "How much is kept.", examples: [{ maxAge: "24h" }] });

const off = z.literal(false).meta({ description: "None." });

/** How the server listens and whom it lets in. */
export const gatewaySchema = z
  .strictObject({
    host: z
      .string()
      .min(1, { error: "names no address" })
      .default("127.0.0.1")
      .meta({
        description: "Address to listen on. Anything but loopback needs keys. Default: 127.0.0.1.",
        examples: ["127.0.0.1"],
      }),
    port: z
      .int({ error: "not a port: a whole number from 0 to 65535" })
      .min(0, { error: "not a port: a whole number from 0 to 65535" })
      .max(65535, { error: "not a port: a whole number from 0 to 65535" })
      .default(4323)
      .meta({ description: "Port to listen on; 0 picks a free one. Default: 4323.", examples: [4323] }),
    keys: z
      .array(
        z
          .union([secret, key], { error: "neither a key nor { id, key }" })
          .meta({ description: "A key, with or without a name.", examples: ["${HEADGATE_KEY}"] }),
      )
      .default([])
      .transform((keys) => keys.map((entry, index) => (typeof entry === "string" ? toKey(entry, index) : entry)))
      .meta({
        description: "Keys that clients must send one of. Default: none, everyone on this machine may ask.",
        examples: [[{ id: "laptop", key: "${HEADGATE_KEY}" }]],
      }),
    origins: z
      .array(
        z
          .string()
          .trim()
          .toLowerCase()
          .regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+$/, {
            error: "not an origin: a scheme and a host, without a path",
          })
          .meta({ description: "An origin.", examples: ["https://app.example"] }),
      )
      .default([])
      .meta({
        description: "Web origins whose pages may ask. Default: none.",
        examples: [["https://app.example"]],
      }),
    maxBody: sizeField("Largest request body. Default: 64 MiB.", "64MiB").default(64 * 2 ** 20),
    egress: z
      .enum(["any", "none"])
      .default("any")
      .meta({
        description:
          "none: nothing but this machine is ever reached, and only providers at the place local are asked. Default: any, as far as boundaries allow.",
        examples: ["none"],
      }),
    stateDir: z
      .string()
      .min(1, { error: "names no folder" })
      .exactOptional()
      .meta({
        description:
          "Folder for what outlives a restart: receipts, stored responses, the key that seals compacted conversations. Made when it is first needed. Default: $XDG_STATE_HOME/headgate.",
        examples: ["~/.local/state/headgate"],
      }),
    receipts: z
      .union([off, receipts], { error: "neither false nor { maxAge, maxSize }" })
      .prefault({})
      .meta({
        description: "Receipts in stateDir: what was asked, tried and served, without prompts and keys; false: none.",
        examples: [{ maxAge: "720h", maxSize: "256MiB" }],
      }),
    responses: z
      .union([off, responses], { error: "neither false nor { maxAge, maxSize }" })
      .prefault({})
      .meta({
        description:
          "Responses that clients have stored, in stateDir, with what was said; false: in memory alone, 64 MiB for a day.",
        examples: [false],
      }),
    metrics: z
      .boolean()
      .default(true)
      .meta({ description: "Counts for Prometheus at /metrics. Default: true.", examples: [false] }),
    tracing: z
      .union([z.boolean().meta({ description: "By an SDK that is there already." }), z.string().min(1)], {
        error: "neither true, false nor the name of a module",
      })
      .default(false)
      .meta({
        description:
          "OpenTelemetry spans: the package or file that registers an SDK, or true where node --import has done so. Default: false.",
        examples: ["@opentelemetry/auto-instrumentations-node/register"],
      }),
    logLevel: z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
      .default("info")
      .meta({ description: "How much is logged. Default: info.", examples: ["info"] }),
  })
  .meta({ description: "The server.", examples: [{ port: 4323 }] });

function toKey(secretText: string, index: number): { id: string; key: string; within?: readonly string[] } {
  return { id: `key-${index + 1}`, key: secretText };
}
