import type { TextWire } from "./types.ts";

/** One thing that a translation could not carry as it was. */
export interface Loss {
  /** Path in the client's body (`response_format`, `messages[2].content[0]`). */
  readonly field: string;
  readonly from: TextWire;
  readonly to: TextWire;
  /** One short clause, fit for a header and a log. */
  readonly why: string;
  readonly effect: "dropped" | "changed" | "estimated";
}

/** Collects the losses of one translation; each field and effect is listed once. */
export class Ledger {
  readonly losses: Loss[] = [];
  readonly #seen = new Set<string>();
  readonly from: TextWire;
  readonly to: TextWire;

  constructor(from: TextWire, to: TextWire) {
    this.from = from;
    this.to = to;
  }

  dropped(field: string, why: string): void {
    this.#add({ field, from: this.from, to: this.to, why, effect: "dropped" });
  }

  changed(field: string, why: string): void {
    this.#add({ field, from: this.from, to: this.to, why, effect: "changed" });
  }

  #add(loss: Loss): void {
    const key = `${loss.effect} ${loss.field}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.losses.push(loss);
  }
}
