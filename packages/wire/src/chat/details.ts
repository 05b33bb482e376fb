import { isWrapped, unwrapSeal, wrapSeal } from "../pivot/seal.ts";
import { isObject, parseObject, toList, toNumber, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotItem, Seal } from "../pivot/types.ts";
import type { ChatSealDetail } from "./types.ts";

type Thought = Extract<PivotItem, { type: "reasoning" }>;

/** A seal as the entry of `reasoning_details` that clients keep for us. */
export const toSealDetail = (seal: Seal, span: readonly [number, number], of: "text" | "summary"): ChatSealDetail => ({
  type: "reasoning.encrypted",
  format: "headgate",
  data: wrapSeal(seal),
  span: [span[0], span[1]],
  ...(of === "summary" ? { of } : {}),
});

/** The words in a list of OpenRouter's: all that are readable. */
export const detailsText = (details: readonly unknown[]): string =>
  details.map((detail) => (isObject(detail) ? (toText(detail.text) ?? toText(detail.summary) ?? "") : "")).join("");

/** A list as the seal of the server that made it. */
export const toDetailsSeal = (details: readonly unknown[]): Seal => ({
  wire: "chat",
  kind: "details",
  value: JSON.stringify(details),
});

/** The list that {@link toDetailsSeal} sealed. */
export const fromDetailsSeal = (seal: Seal): readonly unknown[] => toList(parseObject(`{"list":${seal.value}}`)?.list);

/** What was thought before a message, with the seals that stand under it. */
export function readThoughts(text: string, details: readonly unknown[]): Thought[] {
  const sealed = details.filter(isSealDetail);
  const bare = details.filter((detail) => !isSealDetail(detail));
  const thoughts = sealed.length === 0 ? [] : divide(text, sealed);
  if (bare.length > 0) {
    const said = sealed.length > 0 ? "" : text === "" ? detailsText(bare) : text;
    thoughts.push({ type: "reasoning", text: said, summary: [], seal: toDetailsSeal(bare) });
  }
  if (details.length > 0 || text === "") return thoughts;
  return [{ type: "reasoning", text, summary: [] }];
}

/** True for an entry of {@link toSealDetail}. */
export const isSealDetail = (detail: unknown): detail is JsonObject & { readonly data: string } =>
  isObject(detail) && detail.format === "headgate" && typeof detail.data === "string" && isWrapped(detail.data);

/** Gives every seal the words it stood under; a client that changed the text leaves them all to the first. */
function divide(text: string, details: readonly (JsonObject & { readonly data: string })[]): Thought[] {
  const spans = spansOf(text, details);
  const thoughts: Thought[] = [];
  let at = 0;
  details.forEach((detail, index) => {
    const [start, end] = spans[index] ?? [at, at];
    if (start > at) thoughts.push({ type: "reasoning", text: text.slice(at, start), summary: [] });
    const words = text.slice(start, end);
    const isSummary = detail.of === "summary" && words !== "";
    const seal = unwrapSeal(detail.data, { wire: "chat", kind: "details" });
    thoughts.push({ type: "reasoning", text: isSummary ? "" : words, summary: isSummary ? [words] : [], seal });
    at = end;
  });
  if (at < text.length) thoughts.push({ type: "reasoning", text: text.slice(at), summary: [] });
  return thoughts;
}

function spansOf(text: string, details: readonly JsonObject[]): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  let least = 0;
  for (const detail of details) {
    const [start, end] = toList(detail.span).map(toNumber);
    if (start === undefined || end === undefined || start < least || end < start || end > text.length) {
      return [[0, text.length], ...details.slice(1).map(() => [text.length, text.length] as const)];
    }
    spans.push([start, end]);
    least = end;
  }
  return spans;
}
