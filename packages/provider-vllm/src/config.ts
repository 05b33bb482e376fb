import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

/** A row of vLLM. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema.default("http://127.0.0.1:8000/v1").describe("Where vLLM listens, with or without `/v1`."),
});

export type Config = z.infer<typeof config>;
