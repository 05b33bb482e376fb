/** One HTTP API. `embeddings` and `completions` (bare texts) are never translated. */
export type Wire = "chat" | "responses" | "messages" | "embeddings" | "completions";

/** The wires of conversations, between which Headgate translates. */
export type TextWire = Exclude<Wire, "embeddings" | "completions">;

export const textWires = ["chat", "responses", "messages"] as const satisfies readonly TextWire[];

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: unknown };
