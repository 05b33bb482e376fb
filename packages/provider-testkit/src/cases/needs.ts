import { isDeepStrictEqual } from "node:util";
import { type JsonObject, type TextWire, textWires } from "@headgate/wire";
import type { Case, Findings } from "../case.ts";
import type { Answered, Bench } from "../host/bench.ts";
import { clientBody, picture, user, type Wish } from "../host/questions.ts";
import { show } from "../text.ts";
import { failedBecause, noTextWire, onEachWire } from "./answers.ts";

/** Keys that every server of a wire takes, with values that are met nowhere else. */
const plainWishes: Readonly<Record<TextWire, JsonObject>> = {
  chat: { temperature: 0.375, top_p: 0.875, max_tokens: 777, stop: ["kit-stop"] },
  responses: { temperature: 0.375, top_p: 0.875, max_output_tokens: 777 },
  messages: { temperature: 0.375, top_p: 0.875, max_tokens: 777, stop_sequences: ["kit-stop"] },
};

const objectOf = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const wishesKept: Case = {
  id: "wishes-kept",
  topic: "needs",
  reason: "What a client wishes arrives as it is, under another name, or is listed as dropped: never lost in silence.",
  spares: noTextWire,
  run: (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const findings: string[] = [];
      for (const stream of [false, true]) {
        const wished = { ...clientBody(wire, { stream }), ...plainWishes[wire], stream };
        const answered = await bench.ask({ wire, body: wished });
        const fault = failedBecause(answered);
        if (fault === undefined) findings.push(...silentLosses(wire, wished, bench, answered));
        else findings.push(`on ${wire}, a request with ${Object.keys(plainWishes[wire]).join(", ")}: ${fault}`);
      }
      return findings;
    }),
};

function silentLosses(wire: TextWire, wished: JsonObject, bench: Bench, { receipt }: Answered): Findings {
  const arrived = objectOf(bench.backend.arrived.at(-1)?.body);
  const added = Object.entries(arrived).filter(([key]) => !Object.hasOwn(wished, key));
  return Object.entries(wished)
    .filter(([key, value]) => !isDeepStrictEqual(arrived[key] ?? false, value))
    .filter(([, value]) => !added.some(([, other]) => isDeepStrictEqual(other, value)))
    .filter(([key]) => !receipt.losses.some(({ field }) => field === key || field.startsWith(`${key}.`)))
    .map(
      ([key, value]) => `on ${wire}, ${key}: ${show(value)} arrives as ${show(arrived[key])}, and no loss is listed`,
    );
}

/** Something of a request by which it is known again. */
interface Need {
  readonly wish: Wish;
  /** Whether it is there, in the text of a body that arrived. */
  readonly arrives: (text: string, body: JsonObject) => boolean;
  /** Words of fields under which its loss may be listed. */
  readonly field: RegExp;
}

const image: Need = {
  wish: {
    items: [
      {
        type: "message",
        role: "user",
        parts: [
          { type: "text", text: "What is in this picture?" },
          { type: "image", source: { kind: "base64", mediaType: "image/png", data: picture } },
        ],
      },
    ],
  },
  arrives: (text) => text.includes(picture),
  field: /content|input|image|messages/,
};

const reasoning: Need = {
  wish: { reasoning: { effort: "high" }, maxOutputTokens: 32_000 },
  arrives: (_text, body) =>
    /"(?:effort|reasoning_effort|budget_tokens|thinking|enable_thinking)":/.test(JSON.stringify(body)),
  field: /reasoning|thinking|effort|output_config/,
};

const structure: Need = {
  wish: {
    items: [user("Answer in JSON.")],
    format: {
      type: "json_schema",
      name: "kit_answer",
      schema: {
        type: "object",
        properties: { kit_verdict: { type: "string" } },
        required: ["kit_verdict"],
        additionalProperties: false,
      },
    },
  },
  arrives: (text) => text.includes("kit_verdict"),
  field: /format|text|schema/,
};

/** A need must arrive, from a client of every wire; where it cannot, the loss is told, and no fact may promise it. */
const carriesNeed =
  (what: string, { wish, arrives, field }: Need, promised: boolean): Case["run"] =>
  (subject) =>
    onEachWire(subject, async (bench, wire) => {
      const findings: string[] = [];
      for (const client of textWires) {
        const answered = await bench.ask({ wire: client, body: clientBody(client, wish) });
        const { body, text = "" } = bench.backend.arrived.at(-1) ?? {};
        if (arrives(text, objectOf(body))) {
          const fault = failedBecause(answered);
          if (fault !== undefined)
            findings.push(`on ${wire}, for a client of ${client}: it takes ${what} and fails: ${fault}`);
          continue;
        }
        const told = answered.receipt.losses.some((loss) => field.test(loss.field));
        if (told && !promised) continue;
        const why = promised && told ? "though the model's facts promise it" : "and no loss is listed";
        findings.push(`on ${wire}, for a client of ${client}: ${what} does not reach the backend, ${why}`);
      }
      return findings;
    });

const carriesImages: Case = {
  id: "carries-images",
  topic: "needs",
  reason: "A picture reaches the backend, whichever wire it comes on, unless the model's facts rule pictures out.",
  spares: (subject) =>
    noTextWire(subject) ??
    (subject.model.input?.includes("image") === false ? "the model's facts rule pictures out" : undefined),
  run: (subject) => carriesNeed("a picture", image, subject.model.input?.includes("image") === true)(subject),
};

const carriesReasoning: Case = {
  id: "carries-reasoning",
  topic: "needs",
  reason: "A wish for reasoning reaches the backend, unless the model's facts rule it out.",
  spares: (subject) =>
    noTextWire(subject) ?? (subject.model.reasoning === false ? "the model's facts rule reasoning out" : undefined),
  run: (subject) => carriesNeed("a wish for reasoning", reasoning, subject.model.reasoning === true)(subject),
};

const carriesStructure: Case = {
  id: "carries-structure",
  topic: "needs",
  reason: "A JSON Schema for the answer reaches the backend.",
  spares: noTextWire,
  run: carriesNeed("a JSON Schema", structure, false),
};

export const needCases: readonly Case[] = [wishesKept, carriesImages, carriesReasoning, carriesStructure];
