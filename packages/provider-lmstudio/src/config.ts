import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

const ttlFault = "ttl must be a whole number with a unit (s, m, h), such as 30m";

/** A row of LM Studio. */
export const config = z.strictObject({
  baseUrl: baseUrlSchema
    .default("http://127.0.0.1:1234/v1")
    .describe("Where LM Studio listens, with or without `/v1`."),
  ttl: z
    .string({ error: ttlFault })
    .regex(/^[1-9]\d{0,6}[smh]$/, { error: ttlFault })
    .exactOptional()
    .describe(
      'How long a model that a request has loaded may be idle before LM Studio drops it: `"30m"`, `"2h"`. Default: LM Studio\'s own, 60 min.',
    ),
});

export type Config = z.infer<typeof config>;

/** Seconds, as LM Studio counts them. */
export function secondsOf(ttl: string): number {
  return Number(ttl.slice(0, -1)) * (unitSeconds.get(ttl.slice(-1)) ?? 1);
}
