import { describe, expect, test } from "vitest";
import type { JsonObject, PivotPart } from "../pivot/types.ts";
import { read } from "./testing.ts";

const png = "iVBORw0KGgo=";
const pdf = "JVBERi0xLjQ=";

const parts: readonly [name: string, part: JsonObject, read: PivotPart][] = [
  [
    "an image by address, with its detail",
    { type: "image_url", image_url: { url: "https://a.example/b.png", detail: "high" } },
    { type: "image", source: { kind: "url", url: "https://a.example/b.png" }, detail: "high" },
  ],
  [
    "an image in a data URL",
    { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
    { type: "image", source: { kind: "base64", mediaType: "image/png", data: png } },
  ],
  [
    "an image whose type has parameters",
    { type: "image_url", image_url: { url: `data:image/png;name=a.png;base64,${png}` } },
    { type: "image", source: { kind: "base64", mediaType: "image/png", data: png } },
  ],
  [
    "an image whose address stands alone",
    { type: "image_url", image_url: "https://a.example/b.png" },
    { type: "image", source: { kind: "url", url: "https://a.example/b.png" } },
  ],
  [
    "a document in a data URL",
    { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${pdf}` } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: pdf }, name: "a.pdf" },
  ],
  [
    "a document as bare base64",
    { type: "file", file: { filename: "a.pdf", file_data: pdf } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: pdf }, name: "a.pdf" },
  ],
  [
    "a document by address (OpenRouter)",
    { type: "file", file: { file_data: "https://a.example/b.pdf" } },
    { type: "file", source: { kind: "url", url: "https://a.example/b.pdf" } },
  ],
  [
    "a text document as its text",
    { type: "file", file: { filename: "a.txt", file_data: "data:text/plain;base64,TWlsY2gg4oCTIGph" } },
    { type: "file", source: { kind: "text", text: "Milch – ja" }, name: "a.txt" },
  ],
  [
    "a text document that is no text",
    { type: "file", file: { file_data: "data:text/plain;base64,/w==" } },
    { type: "file", source: { kind: "base64", mediaType: "text/plain", data: "/w==" } },
  ],
  [
    "a file by id",
    { type: "file", file: { file_id: "file-1" } },
    { type: "file", source: { kind: "id", id: "file-1" } },
  ],
  [
    "sound",
    { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
    { type: "audio", data: "UklGRg==", format: "wav" },
  ],
  [
    "a cache mark",
    { type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "1h" } },
    { type: "text", text: "a", cache: { type: "ephemeral", ttl: "1h" } },
  ],
  [
    "OpenAI's own cache mark",
    { type: "text", text: "a", prompt_cache_breakpoint: { mode: "explicit" } },
    { type: "text", text: "a", cache: { type: "ephemeral" } },
  ],
  ["a mark that says nothing", { type: "text", text: "a", cache_control: {} }, { type: "text", text: "a" }],
];

describe("a part of a chat message", () => {
  test.each(parts)("is read as %s", (_name, part, expected) => {
    const { request, losses } = read({ messages: [{ role: "user", content: [part] }] });
    expect(request.items).toEqual([{ type: "message", role: "user", parts: [expected] }]);
    expect(losses).toEqual([]);
  });

  test("is read alike in a tool's result", () => {
    const [[, image, expected] = []] = parts;
    const { request } = read({ messages: [{ role: "tool", tool_call_id: "c", content: [image] }] });
    expect(request.items).toEqual([{ type: "function_call_output", callId: "c", parts: [expected] }]);
  });

  test("takes the mark of its message, if it is the last (LiteLLM)", () => {
    const content = ["a", "b"];
    const { request } = read({ messages: [{ role: "system", content, cache_control: { type: "ephemeral" } }] });
    expect(request.items).toEqual([
      {
        type: "message",
        role: "system",
        parts: [
          { type: "text", text: "a" },
          { type: "text", text: "b", cache: { type: "ephemeral" } },
        ],
      },
    ]);
  });
});
