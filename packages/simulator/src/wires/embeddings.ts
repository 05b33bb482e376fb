import type { JsonObject } from "../json.ts";
import type { Rendering } from "./rendering.ts";

/** Texts, or lists of tokens; a list of numbers is one text's tokens. */
const inputsOf = ({ input }: JsonObject): readonly unknown[] =>
  Array.isArray(input) && typeof input[0] !== "number" ? input : [input];

/** Numbers between -1 and 1 that depend on the text alone. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let index = 0; index < text.length; index += 1) {
    vector[index % dimensions] = Math.sin((vector[index % dimensions] ?? 0) + text.charCodeAt(index) + index);
  }
  return vector;
}

const toBase64 = (vector: Float32Array): string => Buffer.from(vector.buffer).toString("base64");

/** One vector for each input, of `dimensions` numbers (8), as numbers or in base64. An answer without text has none. */
export function embeddingsWhole({ body, name, answer }: Rendering): JsonObject {
  const dimensions = typeof body.dimensions === "number" ? body.dimensions : 8;
  const inputs = answer.text === undefined ? [] : inputsOf(body);
  const data = inputs.map((input, index) => {
    const vector = vectorOf(typeof input === "string" ? input : JSON.stringify(input), dimensions);
    const embedding = body.encoding_format === "base64" ? toBase64(vector) : [...vector];
    return { object: "embedding", index, embedding };
  });
  const { input: tokens } = answer.usage;
  return { object: "list", data, model: name, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}
