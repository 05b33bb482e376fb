import type { Ledger } from "../pivot/ledger.ts";
import { dropKind, dropRest, type KnownKeys } from "../pivot/rest.ts";
import { isObject, toList, toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, PivotPart } from "../pivot/types.ts";
import { fromAnnotation } from "./annotation.ts";
import { readAudio, readFile, readImage } from "./media.ts";

const textKeys: KnownKeys = { carried: new Set("type text refusal annotations logprobs parsed".split(" ")) };

interface MediaKind {
  readonly keys: KnownKeys;
  readonly read: (part: JsonObject) => PivotPart | undefined;
}

const mediaKinds: ReadonlyMap<unknown, MediaKind> = new Map<unknown, MediaKind>([
  ["input_image", { keys: { carried: new Set(["type", "image_url", "file_id", "detail"]) }, read: readImage }],
  [
    "input_file",
    {
      keys: {
        carried: new Set(["type", "filename", "file_data", "file_url", "file_id"]),
        defaults: new Map([["detail", ["auto"]]]),
      },
      read: readFile,
    },
  ],
  ["input_audio", { keys: { carried: new Set(["type", "input_audio"]) }, read: readAudio }],
]);

/** Reads the content of a message or the output of a tool: a text, or parts. */
export function readParts(content: unknown, path: string, ledger: Ledger): PivotPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  // A tool's output that is no text and no part is told as the JSON it is.
  if (isObject(content) && toText(content.type) === undefined) return [{ type: "text", text: JSON.stringify(content) }];
  return (isObject(content) ? [content] : toList(content)).flatMap((value) => {
    if (typeof value === "string") return [{ type: "text" as const, text: value }];
    const part = toObject(value) ?? {};
    const read = mediaKinds.has(part.type) ? readMedia(part, path, ledger) : readText(part, path, ledger);
    if (read === undefined) dropKind(path, part.type, ledger);
    return read === undefined ? [] : [read];
  });
}

function readMedia(part: JsonObject, path: string, ledger: Ledger): PivotPart | undefined {
  const kind = mediaKinds.get(part.type);
  const read = kind?.read(part);
  if (kind !== undefined && read !== undefined) dropRest(part, kind.keys, `${path}.`, ledger);
  return read;
}

/** Whatever has a text is one: `input_text`, `output_text`, `text`, `summary_text`. */
function readText(part: JsonObject, path: string, ledger: Ledger): PivotPart | undefined {
  const text = toText(part.text);
  const refusal = toText(part.refusal);
  if (text === undefined && refusal === undefined) return undefined;
  dropRest(part, textKeys, `${path}.`, ledger);
  if (text === undefined) return { type: "refusal", text: refusal ?? "" };
  const annotations = toList(part.annotations)
    .map((annotation) => fromAnnotation(annotation))
    .filter((annotation) => annotation !== undefined);
  return { type: "text", text, ...(annotations.length === 0 ? {} : { annotations }) };
}
