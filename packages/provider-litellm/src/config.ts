import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

/** A row of LiteLLM. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema.default("http://127.0.0.1:4000/v1").describe("Where LiteLLM listens, with or without `/v1`."),
});

export type Config = z.infer<typeof config>;
