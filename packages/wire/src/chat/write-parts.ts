import { fieldName } from "../pivot/fields.ts";
import { defined } from "../pivot/shape.ts";
import type { CacheMark, PivotPart } from "../pivot/types.ts";
import { readableSource, toDataUrl } from "./media.ts";
import { type ChatCache, type ChatPart, type ChatTextPart, imageDetails } from "./types.ts";
import { oneOf } from "./words.ts";
import type { ChatTarget } from "./write-target.ts";

type Part<Type extends PivotPart["type"]> = Extract<PivotPart, { type: Type }>;

/** The parts in a form that this backend takes: text documents as text, what it cannot see by its name alone. */
export const writeParts = (parts: readonly PivotPart[], target: ChatTarget): ChatPart[] =>
  parts.flatMap((part) => writePart(part, target));

export const isText = (part: ChatPart): part is ChatTextPart => part.type === "text";

/** One text where no part needs to be apart: what every server takes. */
export function plainContent<Kind extends ChatPart>(parts: readonly Kind[], separator = "\n\n"): string | Kind[] {
  const texts = parts.flatMap((part) => (isText(part) && part.cache_control === undefined ? [part.text] : []));
  return texts.length === parts.length ? texts.join(separator) : [...parts];
}

function writePart(part: PivotPart, target: ChatTarget): ChatPart[] {
  switch (part.type) {
    case "text":
      if ((part.annotations?.length ?? 0) > 0) {
        target.ledger.dropped(fieldName(target.ledger, "annotations"), "chat takes none back");
      }
      return writeText(part.text, part.cache, target);
    case "refusal":
      return writeText(part.text, undefined, target);
    case "image":
      return writeImage(part, target);
    case "file":
      return writeFile(part, target);
    case "audio":
      return [{ type: "input_audio", input_audio: { data: part.data, format: part.format } }];
  }
}

const writeText = (text: string, cache: CacheMark | undefined, target: ChatTarget): ChatTextPart[] =>
  text === "" ? [] : [{ type: "text", text, ...writeCache(cache, target) }];

/** Backends without such marks mostly ignore them, and some refuse them. */
export function writeCache(cache: CacheMark | undefined, { ledger, takes }: ChatTarget): ChatCache {
  if (cache === undefined) return {};
  if (takes("cache_control")) return { cache_control: cache };
  ledger.dropped(fieldName(ledger, "cache"), "this backend caches as it sees fit");
  return {};
}

function writeImage(image: Part<"image">, target: ChatTarget): ChatPart[] {
  const { source, cache } = image;
  const url =
    source.kind === "base64"
      ? toDataUrl(source.mediaType, source.data)
      : source.kind === "url" && target.takes("media_urls")
        ? source.url
        : undefined;
  if (url === undefined) return standIn(image, target);
  const detail = oneOf(imageDetails, image.detail);
  if (detail !== image.detail) target.ledger.dropped(fieldName(target.ledger, "detail"), "chat has no such detail");
  return [{ type: "image_url", image_url: defined({ url, detail }), ...writeCache(cache, target) }];
}

function writeFile(file: Part<"file">, target: ChatTarget): ChatPart[] {
  const { name, context, cache } = file;
  const source = readableSource(file.source);
  const about = writeText(context ?? "", undefined, target);
  const marks = writeCache(cache, target);
  switch (source.kind) {
    case "text": {
      const text = name === undefined ? source.text : `${name}:\n${source.text}`;
      return [...about, { type: "text", text, ...marks }];
    }
    case "base64": {
      const filename = name ?? `document.${source.mediaType.split("/")[1] ?? "pdf"}`;
      const data = toDataUrl(source.mediaType, source.data);
      return [...about, { type: "file", file: { filename, file_data: data }, ...marks }];
    }
    case "id":
      // An id of another wire's vendor is nothing to this one.
      if (!target.takes("file_ids") || target.ledger.from === "messages") break;
      return [...about, { type: "file", file: { file_id: source.id }, ...marks }];
    case "url":
      break;
  }
  return [...about, ...standIn(file, target)];
}

/** What cannot be sent is named, so that the model knows of it. */
function standIn(part: Part<"image" | "file">, { ledger }: ChatTarget): ChatTextPart[] {
  const { source } = part;
  const url = source.kind === "url" ? source.url : undefined;
  const why = url === undefined ? "it is kept by another vendor" : "this backend fetches nothing, the address is told";
  ledger.dropped(fieldName(ledger, part.type), why);
  const name = url ?? (part.type === "file" ? part.name : undefined);
  return [{ type: "text", text: `[${part.type}${name === undefined ? "" : `: ${name}`}]` }];
}
