import { moveAnnotation } from "../chat/annotations.ts";
import { type FoldedItem, foldAnswer } from "../pivot/fold.ts";
import { unwrapSeal } from "../pivot/seal.ts";
import { parseObject } from "../pivot/shape.ts";
import type { Annotation, AnswerEvent, JsonObject, TextWire } from "../pivot/types.ts";

/** Words by which texts are found again (see `Tape`). */
export const wordsOf = (text: string): string[] => text.match(/w\d+x/g) ?? [];

/** The secret itself, as its maker wrote it. */
const bareSeal = (value: string): string => unwrapSeal(value, { wire: "messages", kind: "signature" }).value;

/** A text with every wrapped secret in it spelled out behind it. */
export const withSeals = (text: string): string =>
  text + (text.match(/hg1\.[A-Za-z0-9_-]+/g) ?? []).map((seal) => ` ${bareSeal(seal)}`).join("");

/** Answer events as a backend would have given them: it knows of no wrapping. */
export const withBareSeals = (events: readonly AnswerEvent[]): AnswerEvent[] =>
  events.map((event) =>
    event.type === "seal" ? { ...event, seal: { ...event.seal, value: bareSeal(event.seal.value) } } : event,
  );

/**
 * Everything that an answer says, without its form: kind by kind, each in order. Chat keeps no order between kinds and
 * joins what is of one kind; on the other wires the order of kinds is part of it, and neighbours of one kind are one.
 */
export function said(events: readonly AnswerEvent[], wire: TextWire): JsonObject {
  const fold = foldAnswer(events);
  const items: [kind: string, content: unknown][] = [];
  for (const { item, parts, text, summary, seal } of fold.items) {
    if (item.type === "message") items.push(...parts.map(({ type, text: one }): [string, unknown] => [type, one]));
    else if (item.type === "reasoning") {
      items.push(["thought", text], ["summary", summary.join("\n\n")]);
      if (seal !== undefined) items.push(["seal", bareSeal(seal.value)]);
    } else if (item.type === "opaque") items.push(["opaque", item.value]);
    else items.push([item.type, [item.callId, item.namespace ?? null, item.name, argumentsOf(text)]]);
  }
  const filled = items.filter(([, content]) => content !== "");
  const annotations = annotationsOf(fold.items, wire);
  const logprobs = fold.items.flatMap(({ parts }) => parts.flatMap((part) => part.logprobs));
  const ordered = wire === "chat" ? byKind(filled) : joinNeighbours(filled);
  return { items: ordered, annotations, logprobs, reason: fold.reason, usage: fold.usage, fault: fold.fault };
}

/** Citations; on chat, where all text is one, counted from where it begins. */
function annotationsOf(items: readonly FoldedItem[], wire: TextWire): Annotation[] {
  let before = 0;
  return items.flatMap(({ parts }) => {
    const offset = wire === "chat" ? before : 0;
    for (const { type, text } of parts) before += type === "text" ? text.length : 0;
    return parts.flatMap((part) => part.annotations.map((annotation) => moveAnnotation(annotation, offset)));
  });
}

/** Messages keeps arguments as an object: without their white space, and under a name where they were none. */
function argumentsOf(text: string): unknown {
  const value = parseObject(text);
  return value === undefined ? text : (value._raw ?? value);
}

/** Kind by kind; all that was sealed is one list of details on this wire. */
function byKind(items: readonly [kind: string, content: unknown][]): JsonObject {
  const kinds: Record<string, unknown> = {};
  for (const [kind, content] of items) {
    const before = kinds[kind];
    if (kind === "seal" && String(content).startsWith("[")) {
      kinds[kind] = [...(Array.isArray(before) ? before : []), ...(JSON.parse(String(content)) as unknown[])];
    } else if (typeof content !== "string") kinds[kind] = [...(Array.isArray(before) ? before : []), content];
    else kinds[kind] = typeof before === "string" ? before + content : content;
  }
  return kinds;
}

function joinNeighbours(items: readonly [kind: string, content: unknown][]): unknown[] {
  const joined: [kind: string, content: unknown][] = [];
  for (const [kind, content] of items) {
    const last = joined.at(-1);
    if (last?.[0] === kind && typeof last[1] === "string" && typeof content === "string") last[1] += content;
    else joined.push([kind, content]);
  }
  return joined;
}

/** Words of what no wire may lose: text, refusals, and calls with their names and arguments. */
export const spokenWords = (events: readonly AnswerEvent[]): string[] =>
  foldAnswer(events).items.flatMap(({ item, parts, text }) =>
    item.type === "reasoning" || item.type === "opaque"
      ? []
      : wordsOf(JSON.stringify([parts.map((part) => part.text), text, "name" in item ? item.name : ""])),
  );
