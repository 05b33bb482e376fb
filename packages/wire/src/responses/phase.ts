import type { ResponsesPhase } from "./request-types.ts";

/** A phase by name; the schema of Open Responses has no null and no other word for one. */
export const toPhase = (phase: string | undefined): ResponsesPhase | undefined =>
  phase === "commentary" || phase === "final_answer" ? phase : undefined;
