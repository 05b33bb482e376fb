import { fieldName } from "../pivot/fields.ts";
import { defined } from "../pivot/shape.ts";
import type { MediaSource, PivotPart } from "../pivot/types.ts";
import type { Target } from "./target.ts";
import type {
  MessagesDocumentBlock,
  MessagesDocumentSource,
  MessagesFileSource,
  MessagesImageBlock,
  MessagesUrlSource,
} from "./types.ts";

type Part<Type extends PivotPart["type"]> = Extract<PivotPart, { type: Type }>;

/** An image block; `undefined` where the backend has no way to the image. */
export function writeImage({ source, detail }: Part<"image">, target: Target): MessagesImageBlock | undefined {
  const { ledger } = target;
  if (detail !== undefined && detail !== "auto") {
    ledger.dropped(fieldName(ledger, "detail"), "messages has one size of images");
  }
  if (source.kind === "base64") {
    return { type: "image", source: { type: "base64", media_type: source.mediaType, data: source.data } };
  }
  const reference = writeReference(source, "image", target);
  return reference && { type: "image", source: reference };
}

/** A document block, or an image block for a file that is an image; `undefined` for files of other kinds. */
export function writeFile(part: Part<"file">, target: Target): MessagesDocumentBlock | MessagesImageBlock | undefined {
  const { source, name, context } = part;
  if (source.kind === "base64" && source.mediaType.startsWith("image/")) {
    return writeImage({ type: "image", source }, target);
  }
  const written = writeDocumentSource(source, target);
  if (written === undefined) return undefined;
  return defined({ type: "document" as const, source: written, title: name, context });
}

function writeDocumentSource(source: MediaSource, target: Target): MessagesDocumentSource | undefined {
  if (source.kind === "text") return { type: "text", media_type: "text/plain", data: source.text };
  if (source.kind !== "base64") return writeReference(source, "file", target);
  const { mediaType, data } = source;
  if (isPdf(mediaType, data)) return { type: "base64", media_type: "application/pdf", data };
  const text = isTextual(mediaType) ? decodeText(data) : undefined;
  if (text !== undefined) return { type: "text", media_type: "text/plain", data: text };
  target.ledger.dropped(fieldName(target.ledger, "file"), `messages takes PDF and text, not ${mediaType || "this"}`);
  return undefined;
}

/** URLs are kept for any backend: most fetch them, and one that does not says so, which an absent image would not. */
function writeReference(
  source: MediaSource,
  field: "image" | "file",
  target: Target,
): MessagesUrlSource | MessagesFileSource | undefined {
  if (source.kind === "url") return { type: "url", url: source.url };
  if (source.kind === "id" && target.has("file_ids")) return { type: "file", file_id: source.id };
  target.ledger.dropped(fieldName(target.ledger, field), "the backend does not have the file of this id");
  return undefined;
}

/** `%PDF-` at the start, where the client did not name the type. */
const isPdf = (mediaType: string, data: string): boolean =>
  mediaType === "application/pdf" || data.startsWith("JVBERi");

const isTextual = (mediaType: string): boolean =>
  mediaType.startsWith("text/") || /^application\/(?:[\w.-]+\+)?(?:json|xml|yaml|toml|javascript)\b/.test(mediaType);

function decodeText(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
