import type { MediaSource } from "../pivot/types.ts";

/** Where the bytes of an image are: in a data URL, or at an address. */
export function readUrl(url: string): MediaSource {
  return readDataUrl(url) ?? { kind: "url", url };
}

/** Where a file is: a data URL, bare base64, or (OpenRouter, LiteLLM) an address. Text is given as text: all can read it. */
export function readFileData(data: string, name: string | undefined): MediaSource {
  if (/^https?:\/\//i.test(data)) return { kind: "url", url: data };
  return readableSource(readDataUrl(data) ?? { kind: "base64", mediaType: typeOf(name), data });
}

/** A text in base64 as text. */
export function readableSource(source: MediaSource): MediaSource {
  if (source.kind !== "base64" || !source.mediaType.startsWith("text/")) return source;
  const text = decodeText(source.data);
  return text === undefined ? source : { kind: "text", text };
}

export const toDataUrl = (mediaType: string, data: string): string => `data:${mediaType};base64,${data}`;

/** `data:image/png;base64,…`; parameters of the type (`;charset=…`) mean nothing to any wire. */
function readDataUrl(url: string): MediaSource | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  const [mediaType = "", ...parameters] = url.slice("data:".length, Math.max(comma, 0)).split(";");
  if (comma < 0 || !parameters.includes("base64")) return undefined;
  return { kind: "base64", mediaType: mediaType === "" ? "text/plain" : mediaType, data: url.slice(comma + 1) };
}

/** Chat's files are documents of one type, for which clients often give the bytes alone. */
const typeOf = (name: string | undefined): string =>
  name !== undefined && /\.(txt|md|csv)$/i.test(name) ? "text/plain" : "application/pdf";

function decodeText(data: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(atob(data), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
