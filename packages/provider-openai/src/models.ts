import type { ModelFacts } from "@headgate/core/provider";

const ids = [
  "gpt-6-astra",
  "gpt-6.1-sol",
  "gpt-6.1-terra",
  "gpt-6-sol",
  "gpt-6-luna",
  "gpt-5.6-sol",
  "gpt-5.6-terra",
  "gpt-5.6-luna",
  "gpt-5.5",
  "gpt-5.5-pro",
  "gpt-5.4",
  "gpt-5.4-mini",
  "gpt-5.4-nano",
  "gpt-5.3-chat-latest",
  "gpt-5.2",
  "gpt-5.1",
  "gpt-5",
  "gpt-4.1",
];

/** Models of the official client of 2026-11 (openai 7.55.0). Windows and prices are in no list that OpenAI serves: a row may say them. */
export const catalog: readonly ModelFacts[] = ids.map((id) => ({ id, ownedBy: "openai" }));
