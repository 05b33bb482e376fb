import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

/** A row of Anthropic. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema.default("https://api.anthropic.com"),
  geo: z
    .enum(["us"], { error: 'geo must be "us", the only place that Anthropic promises; leave it out for anywhere' })
    .optional()
    .describe("Where inference must run (`inference_geo`): 1.1 times the price; Opus and Sonnet 4.6 and later."),
});

export type Config = z.infer<typeof config>;
