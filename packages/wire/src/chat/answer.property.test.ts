import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerEvent, AnswerItem, JsonObject, Seal } from "../pivot/types.ts";
import { context, toSseEvents } from "../testing/exchange.ts";
import { writeChatAnswer } from "./answer.ts";
import { checkChatStream } from "./grammar.ts";
import { readItems } from "./testing.ts";
import { ChatWriter } from "./write-stream.ts";

type Without<Event> = Event extends { index: number } ? Omit<Event, "index"> : never;
type Said = Without<AnswerEvent>;

/** An item, and what is said in it, in order; the index is filled in later. */
interface Planned {
  readonly item: AnswerItem;
  readonly said: readonly Said[];
}

const words = fc.string({ unit: "grapheme", maxLength: 8 });
const pieces = fc.array(words, { maxLength: 3 });

const seals: fc.Arbitrary<Seal> = fc.record({
  wire: fc.constantFrom("chat" as const, "messages" as const, "responses" as const),
  kind: fc.constantFrom("signature" as const, "redacted" as const, "encrypted" as const, "details" as const),
  value: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  provider: fc.constantFrom("p", "q"),
});

const message: fc.Arbitrary<Planned> = fc
  .record({ deltas: pieces, urls: fc.array(fc.webUrl(), { maxLength: 2 }), refuses: fc.boolean() })
  .map(({ deltas, urls, refuses }) => ({
    item: { type: "message" },
    said: [
      ...deltas.map((delta): Said => ({ type: refuses ? "refusal.delta" : "text.delta", delta })),
      ...urls.map((url): Said => ({ type: "annotation", annotation: { type: "url_citation", url, citedText: "w" } })),
    ],
  }));

const reasoning: fc.Arbitrary<Planned> = fc
  .record({ deltas: pieces, summarized: fc.boolean(), seal: fc.option(seals) })
  .map(({ deltas, summarized, seal }) => ({
    item: { type: "reasoning" },
    said: [
      ...deltas.map(
        (delta, part): Said =>
          summarized ? { type: "summary.delta", part, delta } : { type: "reasoning.delta", delta },
      ),
      ...(seal === null ? [] : [{ type: "seal", seal } as const]),
    ],
  }));

const calls: fc.Arbitrary<Planned> = fc.record({ deltas: pieces, custom: fc.boolean() }).map(({ deltas, custom }) => ({
  item: { type: custom ? "custom_call" : "function_call", callId: "", name: "f" },
  said: deltas.map((delta): Said => ({ type: "arguments.delta", delta })),
}));

const opaque: fc.Arbitrary<Planned> = fc
  .constantFrom("chat" as const, "responses" as const)
  .map((wire) => ({ item: { type: "opaque", wire, value: { type: "image", images: [wire] } }, said: [] }));

const plans = fc.tuple(fc.array(fc.oneof(message, reasoning, calls, opaque), { maxLength: 6 }), fc.array(fc.nat(5)));

/** Items one after the other; calls end when all is over, and grow meanwhile. */
function toEvents([plan, order]: readonly [readonly Planned[], readonly number[]]): AnswerEvent[] {
  const events: AnswerEvent[] = [{ type: "start", id: "resp_1", model: "m" }];
  const late: AnswerEvent[][] = [];
  plan.forEach(({ item, said }, index) => {
    const own = said.map((one) => ({ ...one, index }) as AnswerEvent);
    const isCall = item.type === "function_call" || item.type === "custom_call";
    events.push({ type: "item.start", index, item: isCall ? { ...item, callId: `call_${index}` } : item });
    if (isCall) late.push(own);
    else events.push(...own, { type: "item.end", index });
    const [next] = late[(order[index] ?? 0) % Math.max(1, late.length)]?.splice(0, 1) ?? [];
    if (next !== undefined) events.push(next);
  });
  return [...events, ...late.flat(), { type: "finish", reason: late.length > 0 ? "tool_calls" : "stop" }];
}

/** The message that the deltas of a stream add up to, as a client adds them. */
function assemble(stream: string): JsonObject {
  const sum: Record<string, unknown> = {};
  const pieces = new Map<unknown, Record<string, Record<string, unknown>>>();
  for (const { data } of toSseEvents(stream)) {
    if (data === "[DONE]") continue;
    const frame = JSON.parse(data) as { choices: { delta: { tool_calls?: JsonObject[] } }[] };
    const { tool_calls: fragments = [], ...delta } = frame.choices[0]?.delta ?? {};
    for (const [key, value] of Object.entries(delta)) sum[key] = key === "role" ? value : joined(sum[key], value);
    for (const { index, ...fragment } of fragments) {
      const call = pieces.get(index) ?? {};
      for (const [key, value] of Object.entries(fragment)) {
        const grown = Object.entries(value as object).map(([name, text]) => [name, joined(call[key]?.[name], text)]);
        Object.assign(call, {
          [key]: typeof value === "string" ? value : { ...call[key], ...Object.fromEntries(grown) },
        });
      }
      pieces.set(index, call);
    }
  }
  return pieces.size === 0 ? sum : { ...sum, tool_calls: [...pieces.values()] };
}

function joined(before: unknown, value: unknown): unknown {
  if (before === undefined) return value;
  return Array.isArray(value) ? [...(before as unknown[]), ...value] : `${String(before)}${String(value)}`;
}

/** A message without what says nothing: a stream begins with an empty content, a whole answer may have null. */
const spoken = (message: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(message).filter(([, value]) => value !== "" && value !== null));

describe("any answer with seals, sources, custom calls and pictures", () => {
  test("is a clean stream that adds up to the whole answer, and gives every seal back with its reasoning", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const events = toEvents(plan);
        const writer = new ChatWriter(context());
        const stream = events.map((event) => writer.write(event)).join("");
        expect(checkChatStream(toSseEvents(stream))).toEqual([]);
        const whole = writeChatAnswer(events, context()).choices[0]?.message ?? {};
        expect(spoken(assemble(stream))).toEqual(spoken(whole));
        const given = events.flatMap((event) => (event.type === "seal" ? [event.seal] : []));
        const thoughts = readItems(whole).flatMap((item) => (item.type === "reasoning" ? [item] : []));
        expect(thoughts.flatMap(({ seal }) => seal ?? [])).toEqual(given);
        const said = thoughts.map(({ text, summary }) => text + summary.join("")).join("");
        expect(said).toBe("reasoning_content" in whole ? whole.reasoning_content : "");
      }),
      { numRuns: 300 },
    );
  });
});
