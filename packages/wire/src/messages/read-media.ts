import type { Ledger } from "../pivot/ledger.ts";
import { dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { CacheMark, JsonObject, MediaSource, PivotPart } from "../pivot/types.ts";

const imageKeys: KnownKeys = { carried: new Set(["type", "source", "cache_control"]) };
const documentKeys: KnownKeys = {
  carried: new Set(["type", "source", "title", "context", "cache_control"]),
  defaults: new Map([["citations", [{ enabled: false }]]]),
};
const searchKeys: KnownKeys = {
  carried: new Set(["type", "source", "title", "content", "cache_control"]),
  defaults: new Map([["citations", [{ enabled: false }]]]),
};

/** `cache_control` of a block. */
export const readCache = (block: JsonObject): CacheMark | undefined => toObject(block.cache_control);

/** Reads an image block; `undefined` where its source has no known form. */
export function readImage(block: JsonObject, path: string, ledger: Ledger): PivotPart[] | undefined {
  const source = readSource(toObject(block.source));
  if (source === undefined) return undefined;
  dropRest(block, imageKeys, `${path}.`, ledger);
  return [defined({ type: "image" as const, source, cache: readCache(block) })];
}

/** Reads a document block; one that is a list of blocks becomes one text, and the images that stood in it. */
export function readDocument(block: JsonObject, path: string, ledger: Ledger): PivotPart[] | undefined {
  const given = toObject(block.source);
  const content = given?.type === "content" ? readContent(given.content) : undefined;
  const source = content?.source ?? readSource(given);
  if (source === undefined) return undefined;
  dropRest(block, documentKeys, `${path}.`, ledger);
  const images = content?.images ?? [];
  if (images.length > 0) ledger.changed(`${path}.document.source`, "its images follow its text");
  const file = defined({
    type: "file" as const,
    source,
    name: toText(block.title),
    context: toText(block.context),
    cache: readCache(block),
  });
  return [file, ...images];
}

function readContent(content: unknown): { source: MediaSource; images: PivotPart[] } {
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : toList(content).filter(isObject);
  const text = blocks.flatMap((block) => toText(block.text) ?? []).join("\n");
  const images = blocks.flatMap((block): PivotPart[] => {
    const source = block.type === "image" ? readSource(toObject(block.source)) : undefined;
    return source === undefined ? [] : [{ type: "image", source }];
  });
  return { source: { kind: "text", text }, images };
}

function readSource(source: JsonObject | undefined): MediaSource | undefined {
  const data = toText(source?.data);
  const url = toText(source?.url);
  const id = toText(source?.file_id);
  switch (source?.type) {
    case "base64":
      return data === undefined ? undefined : { kind: "base64", mediaType: toText(source.media_type) ?? "", data };
    case "text":
      return data === undefined ? undefined : { kind: "text", text: data };
    case "url":
      return url === undefined ? undefined : { kind: "url", url };
    case "file":
      return id === undefined ? undefined : { kind: "id", id };
    default:
      return undefined;
  }
}

/** A search result is told as text: no other wire has a block for it. */
export function readSearchResult(block: JsonObject, path: string, ledger: Ledger): PivotPart[] {
  dropRest(block, searchKeys, `${path}.`, ledger);
  ledger.changed(`${path}.search_result`, "told as text");
  const heading = [toText(block.title), toText(block.source)].filter((line) => line !== undefined && line !== "");
  const texts = toList(block.content).flatMap((part) => toText(toObject(part)?.text) ?? []);
  const text = [heading.join("\n"), ...texts].filter((part) => part !== "").join("\n\n");
  return [defined({ type: "text" as const, text, cache: readCache(block) })];
}
