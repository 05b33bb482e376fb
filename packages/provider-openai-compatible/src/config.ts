import { z } from "zod";
import { baseUrlFault } from "./profile/base-url.ts";

/** `baseUrl` as every adapter takes it: with or without `/v1`, checked, with a message that tells the way out. */
export const baseUrlSchema = z
  .string({ error: "baseUrl must be a URL, such as http://127.0.0.1:8000/v1" })
  .check((context) => {
    const fault = baseUrlFault(context.value);
    if (fault !== undefined) context.issues.push({ code: "custom", input: "", message: `baseUrl ${fault}` });
  })
  .describe("Where the server is, with or without `/v1`; another path (`/api/v1`, `/openai/v1`) is kept.");

/** A row of the generic adapter. */
export const config = z.strictObject({ baseUrl: baseUrlSchema });

export type Config = z.infer<typeof config>;
