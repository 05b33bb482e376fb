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

/** Last words of fields that change where, for whom and how fast an answer is made, not what it says. */
const harmless: ReadonlySet<string> = new Set(
  (
    "cache_control prompt_cache_key prompt_cache_retention prompt_cache_options metadata user safety_identifier store " +
    "service_tier speed stream_options include name id status phase client_metadata background " +
    "parsed_arguments caller title citations context display defer_loading eager_input_streaming betas signature " +
    "encrypted_content data reasoning reasoning_content reasoning_details thinking redacted_thinking annotations " +
    "user_id prompt_cache_breakpoint obfuscation detail moderation prediction context_management diagnostics strict " +
    "is_error truncation allowed_tools refusal"
  ).split(" "),
);

/** True for a loss that may make the answer another one: what a strict client would rather not have sent. */
export function changesMeaning({ field, effect }: Loss): boolean {
  if (effect === "estimated") return false;
  const last =
    field
      .split(/[.[\]]+/)
      .filter((word) => word !== "")
      .at(-1) ?? field;
  return !harmless.has(last);
}

/** Collects the losses of one translation; each field and effect is listed once. */
export class Ledger {
  readonly losses: Loss[];
  /** Made when there is something to remember: most requests lose nothing. */
  #seen: Set<string> | undefined;
  readonly from: TextWire;
  readonly to: TextWire;

  /** `losses`: the list to go on with. Default: a new one. */
  constructor(from: TextWire, to: TextWire, losses: Loss[] = []) {
    this.from = from;
    this.to = to;
    this.losses = losses;
  }

  dropped(field: string, why: string): void {
    this.#add({ field, from: this.from, to: this.to, why, effect: "dropped" });
  }

  /** A value that the target takes in another form or measure only. */
  estimated(field: string, why: string): void {
    this.#add({ field, from: this.from, to: this.to, why, effect: "estimated" });
  }

  changed(field: string, why: string): void {
    this.#add({ field, from: this.from, to: this.to, why, effect: "changed" });
  }

  #add(loss: Loss): void {
    const key = `${loss.effect} ${loss.field}`;
    this.#seen ??= new Set(this.losses.map((one) => `${one.effect} ${one.field}`));
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.losses.push(loss);
  }
}
