import { describe, expect, test } from "vitest";
import type { PivotItem, PivotPart } from "../pivot/types.ts";
import { call, message, type WriteSettings, writeRequest } from "./testing.ts";

const ask = (part: PivotPart, settings?: WriteSettings): { content: unknown; losses: string[] } => {
  const { body, losses } = writeRequest({ items: [user(part)] }, settings);
  return { content: (body.messages as { content: unknown }[])[0]?.content, losses };
};
const user = (...parts: PivotPart[]): PivotItem => ({ type: "message", role: "user", parts });
const base64 = (mediaType: string, data: string): PivotPart => ({
  type: "file",
  source: { kind: "base64", mediaType, data },
  name: "n",
});
const png = { kind: "base64", mediaType: "image/png", data: "aWNvbg==" } as const;
const pngBlock = { type: "image", source: { type: "base64", media_type: "image/png", data: "aWNvbg==" } };
const pdfBlock = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" };
const textSource = (data: string): object => ({ type: "text", media_type: "text/plain", data });

describe("a part", () => {
  const parts: readonly [name: string, part: PivotPart, block: object, settings?: WriteSettings][] = [
    ["an image", { type: "image", source: png }, pngBlock],
    ["an image in automatic detail", { type: "image", source: png, detail: "auto" }, pngBlock],
    [
      "an image by URL",
      { type: "image", source: { kind: "url", url: "https://e.x/a.png" } },
      { type: "image", source: { type: "url", url: "https://e.x/a.png" } },
    ],
    [
      "an image by id",
      { type: "image", source: { kind: "id", id: "file_1" } },
      { type: "image", source: { type: "file", file_id: "file_1" } },
      { features: ["file_ids"] },
    ],
    ["an image that came as a file", { type: "file", source: png }, pngBlock],
    ["a PDF", base64("application/pdf", "JVBERi0="), { type: "document", source: pdfBlock, title: "n" }],
    ["a PDF of no named type", base64("", "JVBERi0="), { type: "document", source: pdfBlock, title: "n" }],
    ["a text file", base64("text/markdown", "w7xiZXI="), { type: "document", source: textSource("über"), title: "n" }],
    ["a JSON file", base64("application/json", "e30="), { type: "document", source: textSource("{}"), title: "n" }],
    [
      "a plain text with words about it",
      { type: "file", source: { kind: "text", text: "w" }, context: "c" },
      { type: "document", source: textSource("w"), context: "c" },
    ],
    [
      "a document by URL",
      { type: "file", source: { kind: "url", url: "https://e.x/a.pdf" } },
      { type: "document", source: { type: "url", url: "https://e.x/a.pdf" } },
    ],
    [
      "a document by id, marked",
      { type: "file", source: { kind: "id", id: "file_1" }, cache: { type: "ephemeral" } },
      { type: "document", source: { type: "file", file_id: "file_1" }, cache_control: { type: "ephemeral" } },
      { features: ["file_ids", "cache_control"] },
    ],
    [
      "a marked text",
      { type: "text", text: "a", cache: { type: "ephemeral", ttl: "5m" } },
      { type: "text", text: "a", cache_control: { type: "ephemeral", ttl: "5m" } },
      { features: ["cache_control"] },
    ],
  ];

  test.each(parts)("that is %s is a block, in a message and in a result", (_name, part, block, settings) => {
    expect(ask(part, settings)).toEqual({ content: [block], losses: [] });
    const result: PivotItem = { type: "function_call_output", callId: "c", parts: [part] };
    const { body } = writeRequest({ items: [message("user", "a"), call("c"), result] }, settings);
    expect(body.messages).toMatchObject([{}, {}, { content: [{ type: "tool_result", content: [block] }] }]);
  });

  const lost: readonly [name: string, part: PivotPart, loss: string][] = [
    [
      "an image by another vendor's id",
      { type: "image", source: { kind: "id", id: "file-1" } },
      "dropped messages[].content[].image_url",
    ],
    [
      "a file by another vendor's id",
      { type: "file", source: { kind: "id", id: "file-1" } },
      "dropped messages[].content[].file",
    ],
    ["a file of an unknown kind", base64("application/msword", "AAAA"), "dropped messages[].content[].file"],
    ["a text file that is none", base64("text/plain", "//8="), "dropped messages[].content[].file"],
    ["a sound", { type: "audio", data: "AAAA", format: "wav" }, "dropped messages[].content[].input_audio"],
  ];

  test.each(lost)("that is %s is dropped, and named", (_name, part, loss) => {
    expect(ask(part)).toEqual({ content: "(no message)", losses: [loss] });
  });

  test("loses its mark, its detail and its sources where there is no form for them", () => {
    const { body, losses } = writeRequest({
      items: [
        user(
          { type: "text", text: "a", cache: { type: "ephemeral" } },
          { type: "image", source: png, detail: "high", cache: { type: "ephemeral" } },
        ),
        {
          type: "message",
          role: "assistant",
          parts: [{ type: "text", text: "b", annotations: [{ type: "url_citation", url: "https://e.x" }] }],
        },
      ],
    });
    expect(body.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "a" }, pngBlock] },
      { role: "assistant", content: "b" },
    ]);
    expect(losses).toEqual([
      "dropped messages[].content[].cache_control",
      "dropped messages[].content[].image_url.detail",
      "dropped messages[].annotations",
    ]);
  });

  test("of the assistant's or the system's that is no text is dropped, and named", () => {
    const image: PivotPart = { type: "image", source: png };
    const { body, losses } = writeRequest({
      items: [
        { type: "message", role: "system", parts: [image] },
        message("user", "a"),
        { type: "message", role: "assistant", parts: [{ type: "refusal", text: "No." }, image] },
      ],
    });
    expect(body.system).toBeUndefined();
    expect(body.messages).toEqual([
      { role: "user", content: "a" },
      { role: "assistant", content: "No." },
    ]);
    expect(losses).toEqual(["dropped messages[].content[].image_url", "changed messages[].refusal"]);
  });

  test("that this wire's own assistant cited keeps what its maker pointed to", () => {
    const place = { type: "char_location", document_index: 0 };
    const { body, losses } = writeRequest(
      {
        items: [
          message("user", "a"),
          {
            type: "message",
            role: "assistant",
            parts: [
              {
                type: "text",
                text: "b",
                annotations: [
                  { type: "opaque", wire: "messages", value: place },
                  { type: "url_citation", url: "https://e.x", encryptedIndex: "secret" },
                ],
              },
            ],
          },
        ],
      },
      { from: "messages" },
    );
    expect(body.messages).toMatchObject([
      {},
      {
        content: [
          {
            text: "b",
            citations: [place, { type: "web_search_result_location", url: "https://e.x", encrypted_index: "secret" }],
          },
        ],
      },
    ]);
    expect(losses).toEqual([]);
  });

  test("in several texts of a result stays in blocks of its own", () => {
    const result: PivotItem = {
      type: "function_call_output",
      callId: "c",
      parts: [
        { type: "text", text: "a" },
        { type: "text", text: " " },
        { type: "text", text: "b" },
      ],
    };
    const { body } = writeRequest({ items: [message("user", "a"), call("c"), result] });
    const content = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    expect(body.messages).toMatchObject([{}, {}, { content: [{ content }] }]);
  });
});
