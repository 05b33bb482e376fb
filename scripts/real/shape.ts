import { eventsOf } from "../../tests/harness/ask.ts";
import { parse } from "../../tests/harness/json.ts";

/**
 * What a body is made of: every path with the type of its value, and of a stream the same for each kind of event.
 * What it says is left out, and so is how often: `choices[].message.content: string`.
 */
export function shapeOf(text: string): readonly string[] {
  const body = parse(text);
  const paths = body === undefined ? eventsOf(Buffer.from(`${text}\n\n`)).flatMap(shapeOfEvent) : pathsIn(body, "");
  const lines = paths.length === 0 && text !== "" ? ["text"] : paths;
  return [...new Set(lines)].sort();
}

function shapeOfEvent({ event, data }: { readonly event: string; readonly data: string }): readonly string[] {
  const body = parse(data);
  return body === undefined ? [`${event} ${data === "[DONE]" ? data : "text"}`] : pathsIn(body, `${event} `);
}

function pathsIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return [`${path}: array`, ...value.flatMap((entry) => pathsIn(entry, `${path}[]`))];
  if (typeof value !== "object" || value === null) return [`${path}: ${value === null ? "null" : typeof value}`];
  return [`${path}: object`, ...Object.entries(value).flatMap(([key, entry]) => pathsIn(entry, `${path}.${key}`))];
}
