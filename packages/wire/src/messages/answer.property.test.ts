import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkStream } from "../grammar.ts";
import { foldAnswer } from "../pivot/fold.ts";
import type { AnswerEvent, AnswerItem, Seal } from "../pivot/types.ts";
import { context, readStream, toSseEvents } from "../testing/exchange.ts";
import { readMessagesAnswer, writeMessagesAnswer } from "./answer.ts";
import { MessagesWriter } from "./write-stream.ts";

/** An item, and what is said in it, in order; the index is filled in later. */
interface Planned {
  readonly item: AnswerItem;
  readonly said: readonly Said[];
}
type Without<Event> = Event extends { index: number } ? Omit<Event, "index"> : never;
type Said = Without<AnswerEvent>;

const words = fc.string({ unit: "grapheme", maxLength: 8 });
const pieces = fc.array(words, { maxLength: 3 });

const seals: fc.Arbitrary<Seal> = fc.record({
  wire: fc.constantFrom("messages" as const, "responses" as const),
  kind: fc.constantFrom("signature" as const, "redacted" as const, "encrypted" as const, "details" as const),
  value: fc.string({ minLength: 1, maxLength: 8 }),
  provider: fc.constantFrom("p", "q"),
});

const message: fc.Arbitrary<Planned> = fc.record({ deltas: pieces, urls: fc.array(fc.webUrl(), { maxLength: 2 }) }).map(
  ({ deltas, urls }): Planned => ({
    item: { type: "message" },
    said: [
      ...deltas.map((delta): Said => ({ type: "text.delta", delta })),
      ...urls.map((url): Said => ({ type: "annotation", annotation: { type: "url_citation", url, citedText: "w" } })),
    ],
  }),
);

const reasoning: fc.Arbitrary<Planned> = fc
  .record({ deltas: pieces, summarized: fc.boolean(), seal: fc.option(seals) })
  .map(
    ({ deltas, summarized, seal }): Planned => ({
      item: { type: "reasoning" },
      said: [
        ...deltas.map(
          (delta, part): Said =>
            summarized ? { type: "summary.delta", part, delta } : { type: "reasoning.delta", delta },
        ),
        ...(seal === null ? [] : [{ type: "seal", seal } as const]),
      ],
    }),
  );

const calls: fc.Arbitrary<Planned> = fc.record({ deltas: pieces, custom: fc.boolean() }).map(
  ({ deltas, custom }): Planned => ({
    item: { type: custom ? "custom_call" : "function_call", callId: "", name: "f" },
    said: (custom ? deltas : [JSON.stringify({ deltas })]).map((delta): Said => ({ type: "arguments.delta", delta })),
  }),
);

const opaque: fc.Arbitrary<Planned> = fc
  .constantFrom(
    { type: "server_tool_use", name: "web_search", input: { query: "x" } },
    { type: "server_tool_use", name: "web_search", input: {} },
    { type: "web_search_tool_result", content: [{ a: 1 }] },
  )
  .map((value): Planned => ({ item: { type: "opaque", wire: "messages", value }, said: [] }));

const plans = fc.tuple(fc.array(fc.oneof(message, reasoning, calls, opaque), { maxLength: 6 }), fc.array(fc.nat(5)));

/** Items one after the other; calls end when all is over, and grow meanwhile. */
function toEvents([plan, order]: readonly [readonly Planned[], readonly number[]]): AnswerEvent[] {
  const events: AnswerEvent[] = [{ type: "start", id: "msg_1", model: "m" }];
  const late: AnswerEvent[][] = [];
  plan.forEach(({ item, said }, index) => {
    const own = said.map((one) => ({ ...one, index }) as AnswerEvent);
    events.push({ type: "item.start", index, item: identified(item, index) });
    const isCall = item.type === "function_call" || item.type === "custom_call";
    if (isCall) late.push(own);
    else events.push(...own, { type: "item.end", index });
    const call = late[(order[index] ?? 0) % Math.max(1, late.length)];
    const [next] = call?.splice(0, 1) ?? [];
    if (next !== undefined) events.push(next);
  });
  return [...events, ...late.flat(), { type: "finish", reason: "stop" }];
}

function identified(item: AnswerItem, index: number): AnswerItem {
  if (item.type === "function_call" || item.type === "custom_call") return { ...item, callId: `call_${index}` };
  if (item.type !== "opaque" || item.value.type !== "server_tool_use") return item;
  return { ...item, id: `srv_${index}`, value: { ...item.value, id: `srv_${index}` } };
}

/** What an answer holds; the input of a call as a value, however it is spaced. */
function heldBy(events: readonly AnswerEvent[]): unknown {
  const { items, reason } = foldAnswer(events);
  return {
    reason,
    items: items.map(({ item, text, parts, seal }) => ({
      item,
      text: item.type === "function_call" ? JSON.parse(text) : text,
      parts: parts.map(({ type, text: said, annotations }) => ({ type, said, annotations })),
      seal,
    })),
  };
}

describe("any answer with thoughts, seals, sources, custom calls and hosted tools", () => {
  test("is a clean stream that says the same as the whole answer", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const events = toEvents(plan);
        const writer = new MessagesWriter(context());
        const stream = events.map((event) => writer.write(event)).join("");
        expect(checkStream("messages", toSseEvents(stream))).toEqual([]);
        const whole = readMessagesAnswer(JSON.parse(JSON.stringify(writeMessagesAnswer(events, context()))));
        expect(heldBy(readStream("messages", stream))).toEqual(heldBy(whole));
      }),
      { numRuns: 300 },
    );
  });
});
