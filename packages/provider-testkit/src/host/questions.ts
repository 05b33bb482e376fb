import {
  codecs,
  type JsonObject,
  Ledger,
  type PivotItem,
  type PivotRequest,
  type TextWire,
  wireFeatures,
} from "@headgate/wire";

/** A request free of any wire's spelling, with what every one has. */
export type Wish = Partial<PivotRequest>;

export const user = (text: string): PivotItem => ({ type: "message", role: "user", parts: [{ type: "text", text }] });

const all = new Set(wireFeatures);

/** A wish as a client of a wire writes it down, without the model. */
export function clientBody(wire: TextWire, wish: Wish): JsonObject {
  const request: PivotRequest = { items: [user("Good morning.")], tools: [], stream: false, ...wish };
  const options = { model: "", features: all, maxOutputTokens: 1000 };
  const { model: _, ...body } = codecs[wire].writeRequest(request, options, new Ledger(wire, wire));
  return body;
}

/** What a backend is asked for beside answers. */
export const bareBodies = {
  embed: { input: ["Grüße, 世界"] },
  complete: { prompt: "Once upon a time", max_tokens: 16 },
} as const satisfies Readonly<Record<string, JsonObject>>;

/** A tool that any backend can be offered. */
export const tool = (name: string, property = "city"): PivotRequest["tools"][number] => ({
  type: "function",
  name,
  description: `Looks up by ${property}.`,
  parameters: { type: "object", properties: { [property]: { type: "string" } }, required: [property] },
});

/** A call of a tool, and its result. */
export const toolTurn = (name: string, result: string): readonly PivotItem[] => [
  user("How is the weather in Oslo?"),
  { type: "function_call", callId: "call_kit1", name, arguments: '{"city":"Oslo"}' },
  { type: "function_call_output", callId: "call_kit1", parts: [{ type: "text", text: result }] },
];

/** A picture of one pixel. */
export const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
