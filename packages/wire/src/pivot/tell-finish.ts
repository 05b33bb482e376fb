import type { FinishReason } from "./answer-types.ts";
import type { Ledger } from "./ledger.ts";
import type { TextWire } from "./wires.ts";

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

/** Enters an end that the client's wire tells as another one. */
export function tellFinish(reason: FinishReason | undefined, ledger: Ledger | undefined): void {
  if (reason === undefined || ledger === undefined) return;
  const why = unsaid[ledger.to][reason];
  if (why !== undefined) ledger.changed(fields[ledger.from], why);
}
