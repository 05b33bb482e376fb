import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

const place = z
  .string()
  .regex(/^(?:local|[a-z]{2})$/i, { error: 'places names two-letter country codes, "eu" or "local", such as "us"' })
  .transform((text) => text.toLowerCase());

/** A row of LiteLLM. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema.default("http://127.0.0.1:4000/v1").describe("Where LiteLLM listens, with or without `/v1`."),
  places: z
    .record(z.string().min(1), place, { error: 'places must be an object, such as { "dep-us-1": "us" }' })
    .exactOptional()
    .describe(
      'Where you know each deployment to run, by its `model_info.id` in LiteLLM\'s config: `{ "dep-us-1": "us" }`. Default: none.',
    ),
});

export type Config = z.infer<typeof config>;
