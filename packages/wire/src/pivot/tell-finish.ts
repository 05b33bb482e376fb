import type { FinishReason } from "./answer-types.ts";
import type { Ledger } from "./ledger.ts";
import type { JsonObject, TextWire } from "./wires.ts";

/** Where each wire says why an answer ended. */
const fields: Readonly<Record<TextWire, string>> = {
  chat: "choices[].finish_reason",
  responses: "incomplete_details.reason",
  messages: "stop_reason",
};

const pause = "it has no word for a turn that can be gone on from";
const window = "it has no word for a full window: the answer's limit stands for it";

/** Ends that a wire has no word of its own for. */
const unsaid: Readonly<Record<TextWire, Partial<Readonly<Record<FinishReason, string>>>>> = {
  chat: { pause, context_window: window },
  responses: { pause, context_window: window },
  messages: {},
};

/** How an answer ended, as far as it is known. */
interface Ending {
  readonly reason?: FinishReason | undefined;
  readonly stopDetails?: JsonObject | undefined;
}

/** Enters an end that the client's wire tells as another one, and reasons that it has no place for. */
export function tellFinish({ reason, stopDetails }: Ending, ledger: Ledger | undefined): void {
  if (reason === undefined || ledger === undefined) return;
  if (saysWhy(stopDetails) && ledger.to !== "messages") ledger.dropped("stop_details", "it says of no refusal why");
  const why = unsaid[ledger.to][reason];
  if (why !== undefined) ledger.changed(fields[ledger.from], why);
}

/** Anthropic sends the object with nothing in it, too. */
const saysWhy = ({ category, explanation }: JsonObject = {}): boolean =>
  (category ?? explanation ?? undefined) !== undefined;
