import type { Ledger } from "./ledger.ts";
import type { PivotRequest, PivotToolChoice } from "./types.ts";

/** The tool choice, unless what it chooses from or names is not there: backends answer that with 400. */
export function writableChoice(request: PivotRequest, ledger: Ledger): PivotToolChoice | undefined {
  const { toolChoice: choice, tools } = request;
  if (choice === undefined || (typeof choice === "string" && tools.length === 0)) {
    if (choice === "required") ledger.dropped("tool_choice", "no tool of the request could be carried");
    return undefined;
  }
  if (typeof choice === "string" || tools.some(({ name }) => name === choice.name)) return choice;
  ledger.dropped("tool_choice", "the tool it names could not be carried");
  return undefined;
}
