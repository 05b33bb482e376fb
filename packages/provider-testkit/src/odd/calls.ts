import type { Boundary, Call, ModelFacts, Operation, Provider, Wire } from "@headgate/core";
import type { JsonObject } from "@headgate/wire";
import { isTextWire } from "../backend/render.ts";
import { bareBodies, clientBody, picture, tool, toolTurn, user, type Wish } from "../host/questions.ts";
import { oddModels } from "./models.ts";

/** What clients ask for, a little of each. */
const wishes: readonly Wish[] = [
  {},
  { stream: true, maxOutputTokens: 77, temperature: 0.5, topP: 0.5, stop: ["END"], user: "someone" },
  { tools: [tool("get_weather")], toolChoice: "required", parallelToolCalls: false },
  { items: toolTurn("get_weather", "rain"), tools: [tool("get_weather")] },
  {
    items: [
      {
        type: "message",
        role: "user",
        parts: [
          { type: "text", text: "What is this?" },
          { type: "image", source: { kind: "base64", mediaType: "image/png", data: picture } },
        ],
      },
    ],
  },
  {
    reasoning: { effort: "high" },
    items: [{ type: "message", role: "system", parts: [{ type: "text", text: "Be brief." }] }, user("Hi")],
  },
  {
    format: { type: "json_schema", name: "answer", schema: { type: "object", properties: { a: { type: "string" } } } },
  },
];

const boundaries: readonly Boundary[] = [undefined, ["local"], ["eu", "us"]];

/** Every kind of exchange that a host can want of a provider. */
export function callsFor(provider: Provider, model: ModelFacts): readonly Call[] {
  const headers = Object.fromEntries((provider.forwards ?? []).map((name) => [name, "a-client's-value"]));
  const plain = { headers, within: undefined, model };
  const wires = Object.keys(provider.wires) as Wire[];
  const text = wires.filter(isTextWire);
  const calls = text.flatMap((wire) =>
    wishes.map((wish) => callOf("generate", wire, clientBody(wire, wish), wish.stream === true, plain)),
  );
  const [first] = text;
  if (first === undefined) return [...calls, ...operationCalls(provider, plain)];
  const body = clientBody(first, {});
  return [
    ...calls,
    ...operationCalls(provider, plain),
    ...oddModels.map((odd) => callOf("generate", first, body, false, { ...plain, model: odd })),
    ...boundaries.map((within) => callOf("generate", first, body, false, { ...plain, within })),
  ];
}

type Rest = Pick<Call, "headers" | "within" | "model">;

function callOf(operation: Operation, wire: Wire, body: JsonObject, stream: boolean, rest: Rest): Call {
  return { operation, wire, stream, body: { model: "a-client's-name", ...body }, ...rest };
}

/** On which wire an operation is asked, and with what. */
const operations: Readonly<Partial<Record<Operation, readonly [Wire, JsonObject]>>> = {
  count: ["messages", clientBody("messages", { maxOutputTokens: 10 })],
  embed: ["embeddings", bareBodies.embed],
  complete: ["completions", bareBodies.complete],
  compact: ["responses", clientBody("responses", {})],
};

const operationCalls = ({ operations: declared = [] }: Provider, rest: Rest): readonly Call[] =>
  declared.flatMap((operation) => {
    const asked = operations[operation];
    return asked === undefined ? [] : [callOf(operation, asked[0], asked[1], false, rest)];
  });
