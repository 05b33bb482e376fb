import type { Ledger } from "../pivot/ledger.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { defined, isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { CacheMark, JsonObject, PivotPart } from "../pivot/types.ts";
import { readFileData, readUrl } from "./media.ts";

const path = "messages[].content[]";
const keys = (...names: string[]): KnownKeys => ({
  carried: new Set(["type", "cache_control", "prompt_cache_breakpoint", ...names]),
});

interface PartReader {
  readonly known: KnownKeys;
  /** `undefined`: it lacks what its type is about. */
  read(part: JsonObject): PivotPart | undefined;
}

const readText: PartReader = {
  known: keys("text"),
  read: (part) => {
    const text = toText(part.text);
    return text === undefined ? undefined : defined({ type: "text" as const, text, cache: readCache(part) });
  },
};

const readers = new Map<unknown, PartReader>([
  ["text", readText],
  [
    "refusal",
    {
      known: keys("refusal"),
      read: (part) => {
        const text = toText(part.refusal);
        return text === undefined ? undefined : { type: "refusal", text };
      },
    },
  ],
  ["image_url", { known: keys("image_url"), read: readImage }],
  ["file", { known: keys("file"), read: readFile }],
  ["input_audio", { known: keys("input_audio"), read: readAudio }],
]);

/** Reads a message's content: a text, a list of parts (or texts), or nothing. */
export function readChatParts(content: unknown, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return toList(content).flatMap((value): PivotPart[] => {
    if (typeof value === "string") return [{ type: "text", text: value }];
    const part = toObject(value) ?? {};
    // Parts of another wire's type (`input_text`) still have their words.
    const reader = readers.get(part.type) ?? (typeof part.text === "string" ? readText : undefined);
    const read = reader?.read(part);
    if (reader === undefined || read === undefined) {
      dropKind(path, part.type, ledger);
      return [];
    }
    dropRest(part, reader.known, `${path}.`, ledger);
    return [read];
  });
}

/** The mark of a message, part or tool that a cache should reach to: Anthropic's, or OpenAI's own. */
export function readCache(holder: JsonObject): CacheMark | undefined {
  const mark = toObject(holder.cache_control);
  if (mark !== undefined && Object.keys(mark).length > 0) return mark;
  // The lifetimes of the two have no value in common.
  return isObject(holder.prompt_cache_breakpoint) ? { type: "ephemeral" } : undefined;
}

function readImage(part: JsonObject): PivotPart | undefined {
  const image = toObject(part.image_url);
  const url = toText(part.image_url) ?? toText(image?.url);
  if (url === undefined || url === "") return undefined;
  return defined({
    type: "image" as const,
    source: readUrl(url),
    detail: toText(image?.detail),
    cache: readCache(part),
  });
}

function readFile(part: JsonObject): PivotPart | undefined {
  const file = toObject(part.file);
  const data = toText(file?.file_data);
  const id = toText(file?.file_id);
  const name = toText(file?.filename);
  if (data === undefined && id === undefined) return undefined;
  const source = data === undefined ? { kind: "id" as const, id: id ?? "" } : readFileData(data, name);
  return defined({ type: "file" as const, source, name, cache: readCache(part) });
}

function readAudio(part: JsonObject): PivotPart | undefined {
  const audio = toObject(part.input_audio);
  const data = toText(audio?.data);
  return data === undefined ? undefined : { type: "audio", data, format: toText(audio?.format) ?? "wav" };
}
