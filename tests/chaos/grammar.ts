import { checkStream, type SseEvent, type TextWire } from "@headgate/wire";

/** The event that says on each wire that an answer has failed, and what may come after it. */
const failing: Readonly<Record<TextWire, { readonly error: RegExp; readonly after: RegExp }>> = {
  chat: { error: /^\{"error":/, after: /^$/ },
  responses: { error: /^\{"type":"error"/, after: /^\{"type":"response\.failed"|^\[DONE\]$/ },
  messages: { error: /^\{"type":"error"/, after: /^$/ },
};

/**
 * How a stream breaks the rules of its wire. One that ends in an error event keeps them up to there, and little may
 * follow: a client that goes on reading must not take it for a good end.
 */
export function grammarFault(wire: TextWire, events: readonly SseEvent[]): string | undefined {
  const faults = checkStream(wire, events);
  if (faults.length === 0) return undefined;
  const { error, after } = failing[wire];
  const at = events.findIndex(({ data }) => error.test(data));
  if (at < 0) return faults[0];
  const early = faults.find((fault) => Number(/^event (\d+)/.exec(fault)?.[1]) < at);
  const late = events.slice(at + 1).find(({ data }) => !after.test(data));
  return early ?? (late && `after its error event comes ${late.data.slice(0, 100)}`);
}
