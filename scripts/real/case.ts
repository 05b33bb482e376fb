import { type TextWire, textWires } from "@headgate/wire";
import type { Conversation } from "../../tests/harness/dialects/index.ts";

/** The scripts that the models know: an answer, thoughts before it, a call. */
export type Script = "say" | "think" | "call";

/** One way to ask a server, without wire and form. */
export interface Situation {
  readonly name: string;
  readonly script: Script;
  readonly conversation: Conversation;
  /** A model that the server does not have. */
  readonly unknownModel?: true;
  readonly wrongKey?: true;
}

/** One cell of the matrix. */
export interface Cell {
  /** `chat-text-stream`: stable, the key of fixtures. */
  readonly id: string;
  readonly wire: TextWire;
  readonly stream: boolean;
  readonly situation: Situation;
}

const hello: Conversation = { turns: [{ role: "user", text: "Say something." }], maxTokens: 64 };
const weather: Conversation = { ...hello, turns: [{ role: "user", text: "The weather?" }], tools: ["get_weather"] };
const call = { id: "call_1", name: "get_weather", arguments: { city: "Oslo" } };

const situations: readonly Situation[] = [
  { name: "text", script: "say", conversation: hello },
  { name: "tool-call", script: "call", conversation: weather },
  {
    name: "tool-result",
    script: "say",
    conversation: {
      ...weather,
      turns: [
        ...weather.turns,
        { role: "calls", calls: [call] },
        { role: "results", results: [{ id: call.id, output: "sunny" }] },
      ],
    },
  },
  {
    name: "reasoning",
    script: "think",
    conversation: { ...hello, turns: [{ role: "user", text: "Think: three and four?" }] },
  },
  {
    name: "overflow",
    script: "say",
    conversation: { ...hello, turns: [{ role: "user", text: "word ".repeat(6000) }] },
  },
  { name: "unknown-model", script: "say", conversation: hello, unknownModel: true },
  { name: "wrong-key", script: "say", conversation: hello, wrongKey: true },
];

/** {client wires} × {stream, whole} × {situations}. */
export const cells: readonly Cell[] = textWires.flatMap((wire) =>
  situations.flatMap((situation) =>
    [false, true].map((stream) => ({
      id: `${wire}-${situation.name}${stream ? "-stream" : ""}`,
      wire,
      stream,
      situation,
    })),
  ),
);
