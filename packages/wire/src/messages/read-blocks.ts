import type { Ledger } from "../pivot/ledger.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { unwrapSeal } from "../pivot/seal.ts";
import { defined, toList, toObject, toText } from "../pivot/shape.ts";
import type { CacheMark, JsonObject, PivotItem, PivotPart, Seal } from "../pivot/types.ts";
import { readCitations } from "./citations.ts";
import { readCache, readDocument, readImage, readSearchResult } from "./read-media.ts";

const path = "messages[].content[]";

const textKeys: KnownKeys = { carried: new Set(["type", "text", "cache_control", "citations"]) };
const useKeys: KnownKeys = { carried: new Set(["type", "id", "name", "input", "caller"]) };
const resultKeys: KnownKeys = {
  carried: new Set(["type", "tool_use_id", "content", "is_error", "cache_control"]),
};
const thinkingKeys: KnownKeys = { carried: new Set(["type", "thinking", "signature"]) };
const redactedKeys: KnownKeys = { carried: new Set(["type", "data"]) };

type Role = Extract<PivotItem, { type: "message" }>["role"];

export const toMessage = (role: Role, parts: readonly PivotPart[]): PivotItem[] =>
  parts.length === 0 ? [] : [{ type: "message", role, parts }];

/** Blocks in order: neighbouring parts are one message; calls, results and thoughts are items of their own. */
export function readBlocks(role: Role, blocks: readonly unknown[], ledger: Ledger): PivotItem[] {
  const items: PivotItem[] = [];
  let parts: PivotPart[] = [];
  const flush = (): void => {
    items.push(...toMessage(role, parts));
    parts = [];
  };
  for (const value of blocks) {
    const block = toObject(value);
    const item = block === undefined ? undefined : itemReaders.get(block.type)?.(block, ledger);
    if (item === undefined) parts.push(...readParts([value], path, ledger));
    else {
      flush();
      items.push(item);
    }
  }
  flush();
  return items;
}

/** Parts of a string or a list of blocks; blocks of other kinds go into the ledger. */
export function readParts(content: unknown, path: string, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return toList(content).flatMap((value): PivotPart[] => {
    if (typeof value === "string") return [{ type: "text", text: value }];
    const block = toObject(value) ?? {};
    const parts = partReaders.get(block.type)?.(block, path, ledger);
    if (parts === undefined) dropKind(path, block.type, ledger);
    return parts ?? [];
  });
}

type PartReader = (block: JsonObject, path: string, ledger: Ledger) => PivotPart[] | undefined;

const partReaders: ReadonlyMap<unknown, PartReader> = new Map<unknown, PartReader>([
  ["text", readText],
  [undefined, readText],
  ["image", readImage],
  ["document", readDocument],
  ["search_result", readSearchResult],
  ["tool_reference", readReference],
]);

/** What a client's own search for tools found: without a word of it the model would search again. */
function readReference(block: JsonObject, path: string, ledger: Ledger): PivotPart[] | undefined {
  const name = toText(block.tool_name);
  if (name === undefined) return undefined;
  ledger.changed(`${path}.tool_reference`, "told as text");
  return [{ type: "text", text: `[tool: ${name}]` }];
}

function readText(block: JsonObject, path: string, ledger: Ledger): PivotPart[] | undefined {
  const text = toText(block.text);
  if (text === undefined) return undefined;
  dropRest(block, textKeys, `${path}.`, ledger);
  const annotations = readCitations(block.citations);
  return [
    defined({
      type: "text" as const,
      text,
      cache: readCache(block),
      annotations: annotations.length === 0 ? undefined : annotations,
    }),
  ];
}

type ItemReader = (block: JsonObject, ledger: Ledger) => PivotItem;

const itemReaders: ReadonlyMap<unknown, ItemReader> = new Map<unknown, ItemReader>([
  ["tool_use", readUse],
  ["tool_result", readResult],
  ["thinking", readThinking],
  ["redacted_thinking", readRedacted],
]);

function readUse(block: JsonObject, ledger: Ledger): PivotItem {
  dropRest(block, useKeys, `${path}.`, ledger);
  return {
    type: "function_call",
    callId: toText(block.id) ?? "",
    name: toText(block.name) ?? "",
    arguments: JSON.stringify(block.input ?? {}),
  };
}

function readResult(block: JsonObject, ledger: Ledger): PivotItem {
  dropRest(block, resultKeys, `${path}.`, ledger);
  return {
    type: "function_call_output",
    callId: toText(block.tool_use_id) ?? "",
    parts: markLast(readParts(block.content, `${path}.content[]`, ledger), readCache(block), ledger),
    ...(block.is_error === true ? { isError: true } : {}),
  };
}

/** A mark on a whole is one on its last part: a cache reaches up to its mark. */
export function markLast(
  parts: readonly PivotPart[],
  cache: CacheMark | undefined,
  ledger: Ledger,
): readonly PivotPart[] {
  if (cache === undefined) return parts;
  const last = parts.at(-1);
  if (last === undefined || last.type === "refusal" || last.type === "audio") {
    ledger.dropped("cache_control", "there is nothing to be marked");
    return parts;
  }
  return [...parts.slice(0, -1), { ...last, cache: last.cache ?? cache }];
}

function readThinking(block: JsonObject, ledger: Ledger): PivotItem {
  dropRest(block, thinkingKeys, `${path}.`, ledger);
  const text = toText(block.thinking) ?? "";
  const signature = toText(block.signature) ?? "";
  if (signature === "") return { type: "reasoning", text, summary: [] };
  return readThought(text, unwrapSeal(signature, { wire: "messages", kind: "signature" }));
}

function readRedacted(block: JsonObject, ledger: Ledger): PivotItem {
  dropRest(block, redactedKeys, `${path}.`, ledger);
  const data = toText(block.data) ?? "";
  if (data === "") return { type: "reasoning", text: "", summary: [] };
  return readThought("", unwrapSeal(data, { wire: "messages", kind: "redacted" }));
}

/** What Responses shows beside encrypted reasoning is its summary. */
const readThought = (text: string, seal: Seal): PivotItem =>
  seal.kind === "encrypted"
    ? { type: "reasoning", text: "", summary: text === "" ? [] : [text], seal }
    : { type: "reasoning", text, summary: [], seal };
