import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

/** A row of Anthropic. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema.default("https://api.anthropic.com").describe("Another host, with or without `/v1`."),
  geo: z
    .enum(["us"], { error: 'geo must be "us", the only place that Anthropic promises; leave it out for anywhere' })
    .optional()
    .describe(
      "Where inference must run: sends `inference_geo`, at 1.1 times the price, to Opus and Sonnet 4.6 and later; older models refuse it. Default: anywhere.",
    ),
});

export type Config = z.infer<typeof config>;
