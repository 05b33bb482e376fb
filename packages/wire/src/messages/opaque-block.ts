import { toText } from "../pivot/shape.ts";
import type { JsonObject } from "../pivot/types.ts";
import { readToolInput } from "./input.ts";

/** A block that this wire alone has a form for (a tool that the backend ran itself), as it grows. */
export class OpaqueBlock {
  readonly #value: Record<string, unknown>;
  #input = "";

  constructor(start: JsonObject) {
    this.#value = { ...start };
  }

  /** Takes in a delta of any kind: texts grow, everything else is replaced. */
  push(delta: JsonObject): void {
    for (const [key, value] of Object.entries(delta)) {
      if (key === "type") continue;
      const before = this.#value[key];
      if (key === "partial_json") this.#input += toText(value) ?? "";
      else this.#value[key] = typeof before === "string" && typeof value === "string" ? before + value : value;
    }
  }

  /** The block as a whole answer would hold it. */
  end(): JsonObject {
    return this.#input === "" ? this.#value : { ...this.#value, input: readToolInput(this.#input).input };
  }
}
