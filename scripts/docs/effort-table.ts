import { budgets, efforts } from "../../packages/wire/src/pivot/effort.ts";
import { writeTable } from "./blocks.ts";

/** The efforts by name, and the tokens that stand for them. */
export function effortTable(): string {
  return writeTable(
    ["effort", "budget in tokens"],
    efforts.map((effort) => [`\`${effort}\``, effort === "none" ? "no thinking" : String(budgets[effort])]),
  );
}
