import { type JsonObject, toList } from "../json.ts";

/** How sure the model is of a piece of its text: one entry, and as many alternatives as were asked for. */
export function logprobsOf(piece: string, alternatives: unknown): readonly JsonObject[] {
  if (piece === "") return [];
  const entry = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] });
  const count = typeof alternatives === "number" ? alternatives : 0;
  const others = Array.from({ length: count }, (_, index) =>
    entry(index === 0 ? piece : `other ${index}`, -0.25 - index),
  );
  return [{ ...entry(piece, -0.25), top_logprobs: others }];
}

/** Chat: `logprobs: true`. */
export const wantsChatLogprobs = (body: JsonObject): boolean => body.logprobs === true;

/** Responses: a wish in `include`. */
export const wantsResponsesLogprobs = (body: JsonObject): boolean =>
  toList(body.include).includes("message.output_text.logprobs");
