import { globSync, readFileSync } from "node:fs";
import type { SseEvent } from "@headgate/wire";
import { type Exchange, parseExchange } from "../../packages/provider-openai-compatible/src/testing/parse-exchange.ts";
import { eventsOf } from "./ask.ts";
import { parse } from "./json.ts";

const root = new URL("../../packages/", import.meta.url);

/** An exchange with a real server, from wherever it lies: `vllm-0.32.0-chat`. */
export function recorded(name: string): Exchange {
  const [server = "", version = "", ...rest] = name.split("-");
  const [file] = globSync(
    [`*/src/__fixtures__/${name}.txt`, `wire/src/__fixtures__/${server}-${version}/${rest.join("-")}.txt`],
    { cwd: root },
  );
  if (file === undefined) throw new Error(`no recording of ${name}`);
  return parseExchange(readFileSync(new URL(file, root), "utf8"));
}

/** The paths of all values in a body or in the data of a stream, and the names of its events: what it says is left out. */
export function shapeOf(text: string, unless = /^$/): readonly string[] {
  const body = parse(text);
  const paths = body === undefined ? eventsOf(Buffer.from(`${text}\n\n`)).flatMap(shapeOfEvent) : pathsIn(body, "");
  return [...new Set(paths)].filter((path) => !unless.test(path)).sort();
}

function shapeOfEvent({ event, data }: SseEvent): readonly string[] {
  return data === "[DONE]" ? [data] : pathsIn(parse(data), `${event}: `);
}

function pathsIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsIn(entry, `${path}[]`));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, entry]) => pathsIn(entry, `${path}.${key}`));
}
