import { fieldName } from "../pivot/fields.ts";
import type { MediaSource, PivotPart } from "../pivot/types.ts";
import { isRemote, toFileName } from "./media.ts";
import type {
  ResponsesInputAudio,
  ResponsesInputImage,
  ResponsesInputPart,
  ResponsesOutputPart,
} from "./request-types.ts";
import type { Target } from "./target.ts";

type Part<Type extends PivotPart["type"]> = Extract<PivotPart, { type: Type }>;

/** A part of a user's message. */
export function writeInputPart(part: PivotPart, target: Target): ResponsesInputPart[] {
  return part.type === "audio" ? [writeAudio(part)] : writeOutputPart(part, target);
}

const writeAudio = ({ data, format }: Part<"audio">): ResponsesInputAudio => ({
  type: "input_audio",
  input_audio: { data, format },
});

/** A part of a tool's output, which has no sound. */
export function writeOutputPart(part: PivotPart, target: Target): ResponsesOutputPart[] {
  dropCache(part, target);
  switch (part.type) {
    case "text":
    case "refusal":
      return [{ type: "input_text", text: part.text }];
    case "image":
      return writeImage(part, target);
    case "file":
      return writeFile(part, target);
    case "audio":
      target.ledger.dropped(fieldName(target.ledger, "audio"), "responses has no sound in a tool's output");
      return [];
  }
}

/** Marks of what to keep in a cache: OpenAI's cache finds that out itself. */
export function dropCache(part: PivotPart, { ledger }: Target): void {
  if ("cache" in part && part.cache !== undefined) {
    ledger.dropped(fieldName(ledger, "cache"), "responses has no cache marks");
  }
}

function writeImage({ source, detail: wished }: Part<"image">, target: Target): ResponsesOutputPart[] {
  const detail = details.find((one) => one === wished) ?? "auto";
  switch (source.kind) {
    case "text":
      return [{ type: "input_text", text: source.text }];
    case "id":
      return target.has("file_ids") ? [{ type: "input_image", file_id: source.id, detail }] : dropId("image", target);
    case "base64":
      return [{ type: "input_image", image_url: `data:${source.mediaType};base64,${source.data}`, detail }];
    case "url":
      if (isRemote(source) && !target.has("media_urls")) return mention("image", source.url, target);
      return [{ type: "input_image", image_url: source.url, detail }];
  }
}

const details: readonly ResponsesInputImage["detail"][] = ["low", "high", "auto", "original"];

function writeFile({ source, name, context }: Part<"file">, target: Target): ResponsesOutputPart[] {
  const told = context === undefined ? [] : [{ type: "input_text" as const, text: context }];
  return [...told, ...writeSource(source, name, target)];
}

function writeSource(source: MediaSource, name: string | undefined, target: Target): ResponsesOutputPart[] {
  const named = name === undefined ? {} : { filename: name };
  switch (source.kind) {
    case "text":
      return [{ type: "input_text", text: name === undefined ? source.text : `[${name}]\n${source.text}` }];
    case "id":
      return target.has("file_ids") ? [{ type: "input_file", file_id: source.id }] : dropId("file", target);
    case "base64": {
      const filename = name ?? toFileName(source.mediaType);
      return [{ type: "input_file", filename, file_data: `data:${source.mediaType};base64,${source.data}` }];
    }
    case "url":
      if (!isRemote(source)) return [{ type: "input_file", filename: name ?? "document", file_data: source.url }];
      if (!target.has("media_urls")) return mention("file", source.url, target);
      return [{ type: "input_file", ...named, file_url: source.url }];
  }
}

/** A backend that fetches nothing is told at least where it is. */
function mention(kind: "image" | "file", url: string, { ledger }: Target): ResponsesOutputPart[] {
  ledger.changed(fieldName(ledger, kind), "its URL is told as text, the backend fetches nothing");
  return [{ type: "input_text", text: `[${kind}: ${url}]` }];
}

function dropId(kind: "image" | "file", { ledger }: Target): ResponsesOutputPart[] {
  ledger.dropped(fieldName(ledger, kind), "the file is kept by another vendor");
  return [];
}
