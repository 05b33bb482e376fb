import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { Gateway } from "./gateway.ts";

/** How an official client reaches the gateway: over HTTP, or as its `fetch`. */
export const ways = ["over HTTP", "in process"] as const;
export type Way = (typeof ways)[number];

export interface OfficialClients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

/** Clients as users make them, but without their retries. */
export function officialClients({ origin, router }: Gateway, way: Way, apiKey = "sk-any"): OfficialClients {
  const settings = { apiKey, maxRetries: 0, ...(way === "in process" ? { fetch: router.fetch } : {}) };
  const base = way === "in process" ? "http://headgate" : origin;
  return {
    openai: new OpenAI({ ...settings, baseURL: `${base}/v1` }),
    anthropic: new Anthropic({ ...settings, authToken: null, baseURL: base }),
  };
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}
