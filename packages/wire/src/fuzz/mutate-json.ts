import { isObject } from "../pivot/shape.ts";
import type { Random } from "./random.ts";

/** Far deeper than any parser's own stack of calls. */
const depth = 20_000;

/** Stands for a value that is nested too deep to be written by a recursive function. */
const deepMark = "\u0000deep";
const deep = "[".repeat(depth) + "]".repeat(depth);

const strange: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  -0.1,
  2 ** 53,
  "",
  " ",
  "\u0000",
  "\ud800",
  "__proto__",
  "constructor",
  "data:;base64,",
  "data:image/png;base64,%",
  "hg1.",
  "hg1.WyIiLCJjaGF0Iiwic2lnbmF0dXJlIiwieCJd",
  "x".repeat(5000),
  [],
  {},
  [[]],
  [null],
  [1, "a", {}],
  { type: null },
  { type: "text" },
  { type: "tool_use" },
  { role: "user" },
  deepMark,
];

/** Words of all three wires: a value in a wrong place is worse than a value that means nothing. */
const words =
  "text input_text output_text refusal image image_url input_image file input_file document input_audio tool_use " +
  "tool_result thinking redacted_thinking reasoning function_call custom_tool_call function_call_output message user " +
  "assistant system developer tool function custom namespace tool_search auto none required any adaptive enabled " +
  "json_schema stop length end_turn max_tokens content arguments input name id call_id delta index choices output";

const names: readonly string[] = [...words.split(" "), "type", "role", "messages", "tools", "__proto__", "toString"];

/** The text of a JSON value in which `count` things are wrong. */
export function mutateJson(value: unknown, random: Random, count: number): string {
  let mutated = value;
  for (let done = 0; done < count; done++) mutated = mutateSomewhere(mutated, random);
  return toText(mutated ?? null).replaceAll(JSON.stringify(deepMark), deep);
}

/** A value that is deep already is deep enough. */
function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return deep;
  }
}

/** Goes down at random and changes what it comes to. */
function mutateSomewhere(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && !random.oneIn(5)) {
    const index = random.below(value.length);
    return value.with(index, mutateSomewhere(value[index], random));
  }
  if (isObject(value) && Object.keys(value).length > 0 && !random.oneIn(6)) {
    const key = random.pick(Object.keys(value));
    return { ...value, [key]: mutateSomewhere(value[key], random) };
  }
  return mutateHere(value, random);
}

function mutateHere(value: unknown, random: Random): unknown {
  if (random.oneIn(2)) return random.oneIn(3) ? random.pick(names) : random.pick(strange);
  if (Array.isArray(value)) return mutateList(value, random);
  if (isObject(value)) return mutateObject(value, random);
  if (typeof value === "string")
    return value.slice(0, random.below(value.length + 1)) + random.pick(["", "é", '"', "\n"]);
  return random.pick(strange);
}

function mutateList(list: readonly unknown[], random: Random): unknown[] {
  const at = random.below(list.length + 1);
  switch (random.below(4)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return [...list, ...list.slice(at), ...list.slice(at)];
    case 2:
      return list.toReversed();
    default:
      return list.toSpliced(at, 0, random.pick(strange));
  }
}

function mutateObject(object: Readonly<Record<string, unknown>>, random: Random): Record<string, unknown> {
  const entries = Object.entries(object);
  const [key, value] = entries[random.below(Math.max(1, entries.length))] ?? ["", null];
  const rest = entries.filter(([name]) => name !== key);
  switch (random.below(3)) {
    case 0:
      return Object.fromEntries(rest);
    case 1:
      return Object.fromEntries([...rest, [random.pick(names), value]]);
    default:
      return Object.fromEntries([...entries, [random.pick(names), random.pick(strange)]]);
  }
}
