import type { Ask, InputKind, JsonObject, ModelCost, ModelFacts } from "@headgate/core/provider";
import {
  asCount,
  askForList,
  asObject,
  asText,
  type BaseUrl,
  rowsOf,
  uniqueModels,
} from "@headgate/provider-openai-compatible";
import { defaultVersion } from "./request.ts";

/** No account has this many pages of a thousand: a list that never ends is not followed for ever. */
const mostPages = 10;

/** Asks `GET /v1/models` page by page. */
export async function readModels(ask: Ask, baseUrl: BaseUrl): Promise<readonly ModelFacts[]> {
  const models: (ModelFacts | undefined)[] = [];
  let after = "";
  for (let page = 0; page < mostPages; page += 1) {
    const list = await askForList(ask, `${baseUrl.root}/models?limit=1000${after}`, {
      headers: { "anthropic-version": defaultVersion },
    });
    models.push(...rowsOf(list).map(toModelFacts));
    const last = asText(asObject(list)?.last_id);
    if (asObject(list)?.has_more !== true || last === undefined) break;
    after = `&after_id=${encodeURIComponent(last)}`;
  }
  return uniqueModels(models);
}

/** A retired model is still listed, and refuses every request. */
function toModelFacts(row: JsonObject): ModelFacts | undefined {
  const id = asText(row.id);
  if (id === undefined || row.lifecycle === "retired") return undefined;
  const name = asText(row.display_name);
  const contextWindow = asCount(row.max_input_tokens);
  const maxTokens = asCount(row.max_tokens);
  const capabilities = asObject(row.capabilities);
  return {
    id,
    ...(name !== undefined && { name }),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(capabilities !== undefined && { input: inputOf(capabilities), reasoning: has(capabilities, "thinking") }),
  };
}

function inputOf(capabilities: JsonObject): readonly InputKind[] {
  return [
    "text",
    ...(has(capabilities, "image_input") ? ["image" as const] : []),
    ...(has(capabilities, "pdf_input") ? ["file" as const] : []),
  ];
}

function has(capabilities: JsonObject, name: string): boolean {
  return asObject(capabilities[name])?.supported === true;
}

/** Dollars per million tokens; reading the cache costs a tenth of the input, writing it (five minutes) 1.25 times. */
function price(input: number, output: number): { cost: ModelCost } {
  const cents = (factor: number) => Math.round(input * factor * 1000) / 1000;
  return { cost: { input, output, cacheRead: cents(0.1), cacheWrite: cents(1.25) } };
}

const common = { input: ["text", "image", "file"], tools: true, reasoning: true, ownedBy: "anthropic" } as const;
const million = { contextWindow: 1_000_000, maxTokens: 128_000 };

/**
 * Models of 2026-11. What is not certain is left out: live discovery knows it. 4.6 has 200,000 tokens on every account,
 * more on some: a row says so where it does.
 */
export const catalog: readonly ModelFacts[] = [
  { id: "claude-fable-5-2", name: "Claude Fable 5.2", ...common, ...million },
  { id: "claude-fable-5-1", name: "Claude Fable 5.1", ...common, ...million, ...price(10, 50) },
  { id: "claude-opus-5-5", name: "Claude Opus 5.5", ...common, ...million, ...price(4, 20) },
  { id: "claude-sonnet-5-5", name: "Claude Sonnet 5.5", ...common, ...million, ...price(2, 10) },
  { id: "claude-haiku-5-5", name: "Claude Haiku 5.5", ...common, ...million },
  { id: "claude-opus-5", name: "Claude Opus 5", ...common, ...million, ...price(5, 25) },
  { id: "claude-sonnet-5", name: "Claude Sonnet 5", ...common, ...million, ...price(2, 10) },
  { id: "claude-opus-4-8", name: "Claude Opus 4.8", ...common, maxTokens: 128_000 },
  { id: "claude-opus-4-7", name: "Claude Opus 4.7", ...common, maxTokens: 128_000 },
  { id: "claude-opus-4-6", name: "Claude Opus 4.6", ...common, contextWindow: 200_000, maxTokens: 128_000 },
  { id: "claude-sonnet-4-6", name: "Claude Sonnet 4.6", ...common, contextWindow: 200_000, maxTokens: 64_000 },
  {
    id: "claude-opus-4-5",
    name: "Claude Opus 4.5",
    ...common,
    contextWindow: 200_000,
    maxTokens: 64_000,
    ...price(5, 25),
  },
  {
    id: "claude-sonnet-4-5",
    name: "Claude Sonnet 4.5",
    ...common,
    contextWindow: 200_000,
    maxTokens: 64_000,
    ...price(3, 15),
  },
  {
    id: "claude-haiku-4-5",
    name: "Claude Haiku 4.5",
    ...common,
    contextWindow: 200_000,
    maxTokens: 64_000,
    ...price(1, 5),
  },
];
