import { isObject } from "../pivot/shape.ts";
import type { JsonObject, TextWire } from "../pivot/types.ts";
import { toSseEvents } from "../testing/exchange.ts";

/**
 * A stream for people: a line an event, what was lost above. A Responses object is written out once; later ones show what
 * has changed since, so that a difference is seen and not searched for.
 */
export function renderStream(wire: TextWire, text: string, ledger: readonly string[]): string {
  let before: JsonObject = {};
  const lines = toSseEvents(text).map(({ event, data }) => {
    const name = event === "" ? "" : `${event} `;
    if (wire !== "responses" || data === "[DONE]") return name + data;
    const frame = JSON.parse(data) as JsonObject;
    if (!isObject(frame.response)) return name + data;
    const changed = changes(before, frame.response);
    before = frame.response;
    return name + JSON.stringify({ ...frame, response: changed });
  });
  return [...ledger.map((line) => `# ${line}`), ...lines, ""].join("\n");
}

/** Keys whose value is another one; those that are gone are `undefined` and would be missed, so they are named. */
function changes(before: JsonObject, after: JsonObject): JsonObject {
  const gone = Object.keys(before).filter((key) => !(key in after));
  const changed = Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]));
  return { ...Object.fromEntries(changed), ...(gone.length === 0 ? {} : { gone }) };
}
