import { baseUrlSchema } from "@headgate/provider-openai-compatible";
import { z } from "zod";

/** Regions with a host of their own. */
export const regions = ["us", "eu", "ae", "au", "in", "jp"] as const;

export type Region = (typeof regions)[number];

/** A row of OpenAI: a region or a base URL, not both, since the region is the host. */
export const config = z
  .strictObject({
    baseUrl: baseUrlSchema
      .optional()
      .describe(
        "Another host, with or without `/v1`; not together with `region`. Default: `https://api.openai.com/v1`.",
      ),
    region: z
      .enum(regions, { error: `region must be one of ${regions.join(", ")}; leave it out for the global host` })
      .optional()
      .describe("The host of a project with data residency: its key works on no other. Default: the global host."),
  })
  .refine((row) => row.baseUrl === undefined || row.region === undefined, {
    error: "region and baseUrl exclude each other: the region chooses the host",
    path: ["region"],
  });

export type Config = z.infer<typeof config>;
