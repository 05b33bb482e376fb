import type { JsonObject } from "../pivot/types.ts";
import type { Tape } from "./tape.ts";

/** A tool of a random request, before it is spelled for a wire. */
export interface ToolPlan {
  readonly kind: "function" | "custom";
  readonly name: string;
  readonly namespace?: string;
}

/** At most four tools, each of another name; some names are such that not every backend takes them. */
export const randomTools = (tape: Tape, kinds: readonly [ToolPlan["kind"], ...ToolPlan["kind"][]]): ToolPlan[] =>
  tape.many(4, () => ({
    kind: tape.pick(kinds),
    name: tape.pick([
      `tool_${tape.word()}`,
      `mcp.${tape.word()}/read:v2`,
      `${tape.word()}_a_name_that_is_longer_than_the_sixty_four_letters_which_all_take`,
    ]),
  }));

export const pickSchema = (tape: Tape): JsonObject => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { [tape.word()]: { type: "string", description: tape.text() } },
  additionalProperties: false,
});

export const pickEffort = (tape: Tape): string =>
  tape.pick(["medium", "low", "high", "none", "minimal", "xhigh", "max"]);

export const argumentsText = (tape: Tape): string =>
  tape.pick([JSON.stringify(tape.object()), JSON.stringify(tape.object(), null, 1), "", `${tape.word()} is no JSON`]);

export const strict = (tape: Tape): boolean | undefined => tape.pick([undefined, false, true]);
