import { toObject, toText } from "../pivot/shape.ts";
import type { JsonObject, MediaSource, PivotPart } from "../pivot/types.ts";

type Part<Type extends PivotPart["type"]> = Extract<PivotPart, { type: Type }>;

/** Kinds of files by the end of their names, for data that comes without one, and names for data without those. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["csv", "text/csv"],
  ["json", "application/json"],
  ["html", "text/html"],
]);

/** An `input_image`; `image_url` is a text, or chat's object with one. `undefined` where it has no image. */
export function readImage(part: JsonObject): Part<"image"> | undefined {
  const nested = toObject(part.image_url);
  const url = toText(part.image_url) ?? toText(nested?.url);
  const id = toText(part.file_id);
  const source = url === undefined ? idOf(id) : fromUrl(url);
  if (source === undefined) return undefined;
  const detail = toText(part.detail) ?? toText(nested?.detail);
  return { type: "image", source, ...(detail === undefined || detail === "auto" ? {} : { detail }) };
}

/** An `input_file`, wherever its bytes are. `undefined` where it has none. */
export function readFile(part: JsonObject): Part<"file"> | undefined {
  const name = toText(part.filename);
  const data = toText(part.file_data);
  const url = toText(part.file_url);
  const source =
    data !== undefined ? fromData(data, name) : url !== undefined ? fromUrl(url) : idOf(toText(part.file_id));
  if (source === undefined) return undefined;
  return { type: "file", source, ...(name === undefined || name === "" ? {} : { name }) };
}

export function readAudio(part: JsonObject): Part<"audio"> | undefined {
  const audio = toObject(part.input_audio);
  const data = toText(audio?.data);
  return data === undefined ? undefined : { type: "audio", data, format: toText(audio?.format) ?? "wav" };
}

/** A name for a document that has none: OpenAI tells by it what the data is. */
export function toFileName(mediaType: string): string {
  const [end] = [...mediaTypes].find(([, type]) => type === mediaType) ?? [];
  return end === undefined ? "document" : `document.${end}`;
}

/** True for what only a backend that fetches can see. */
export const isRemote = (source: MediaSource): boolean => source.kind === "url" && !source.url.startsWith("data:");

function fromUrl(url: string): MediaSource {
  if (!url.startsWith("data:")) return { kind: "url", url };
  const comma = url.indexOf(",");
  const [mediaType = "", ...more] = url.slice("data:".length, comma).split(";");
  // One whose data is spelled in another way stays as it is.
  if (comma === -1 || mediaType === "" || !more.includes("base64")) return { kind: "url", url };
  return { kind: "base64", mediaType, data: url.slice(comma + 1) };
}

/** OpenAI wants a data URL; bare base64 is sent all the same. */
function fromData(data: string, name: string | undefined): MediaSource {
  if (data.startsWith("data:")) return fromUrl(data);
  const end = name?.split(".").at(-1)?.toLowerCase() ?? "";
  return { kind: "base64", mediaType: mediaTypes.get(end) ?? "application/pdf", data };
}

const idOf = (id: string | undefined): MediaSource | undefined =>
  id === undefined || id === "" ? undefined : { kind: "id", id };
