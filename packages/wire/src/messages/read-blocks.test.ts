import { describe, expect, test } from "vitest";
import { wrapSeal } from "../pivot/seal.ts";
import type { JsonObject, PivotItem, PivotPart } from "../pivot/types.ts";
import { readRequest } from "./testing.ts";

const user = (...content: JsonObject[]): ReturnType<typeof readRequest> =>
  readRequest({ messages: [{ role: "user", content }] });
const assistant = (...content: JsonObject[]): ReturnType<typeof readRequest> =>
  readRequest({ messages: [{ role: "assistant", content }] });
const png = { type: "base64", media_type: "image/png", data: "aWNvbg==" };
const image: PivotPart = { type: "image", source: { kind: "base64", mediaType: "image/png", data: "aWNvbg==" } };

describe("a block", () => {
  const blocks: readonly [name: string, block: JsonObject, parts: PivotPart[]][] = [
    ["text", { type: "text", text: "a" }, [{ type: "text", text: "a" }]],
    ["an image", { type: "image", source: png }, [image]],
    [
      "an image by URL",
      { type: "image", source: { type: "url", url: "https://e.x/a.png" }, cache_control: { type: "ephemeral" } },
      [{ type: "image", source: { kind: "url", url: "https://e.x/a.png" }, cache: { type: "ephemeral" } }],
    ],
    [
      "an image by id",
      { type: "image", source: { type: "file", file_id: "file_1" } },
      [{ type: "image", source: { kind: "id", id: "file_1" } }],
    ],
    [
      "a PDF",
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
        title: "t.pdf",
        context: "c",
        citations: { enabled: false },
      },
      [
        {
          type: "file",
          source: { kind: "base64", mediaType: "application/pdf", data: "JVBERi0=" },
          name: "t.pdf",
          context: "c",
        },
      ],
    ],
    [
      "a plain text",
      { type: "document", source: { type: "text", media_type: "text/plain", data: "words" } },
      [{ type: "file", source: { kind: "text", text: "words" } }],
    ],
    [
      "a document by URL",
      { type: "document", source: { type: "url", url: "https://e.x/a.pdf" }, title: null },
      [{ type: "file", source: { kind: "url", url: "https://e.x/a.pdf" } }],
    ],
    [
      "a document by id",
      { type: "document", source: { type: "file", file_id: "file_1" } },
      [{ type: "file", source: { kind: "id", id: "file_1" } }],
    ],
    [
      "a document of blocks",
      {
        type: "document",
        source: {
          type: "content",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      },
      [{ type: "file", source: { kind: "text", text: "a\nb" } }],
    ],
    [
      "a document of one string",
      { type: "document", source: { type: "content", content: "a" } },
      [{ type: "file", source: { kind: "text", text: "a" } }],
    ],
  ];

  test.each(blocks)("of %s is read without a loss, in a message and in a result", (_name, block, parts) => {
    const { request, losses } = user(block, { type: "tool_result", tool_use_id: "t", content: [block] });
    expect(request.items).toEqual([
      { type: "message", role: "user", parts },
      { type: "function_call_output", callId: "t", parts },
    ]);
    expect(losses).toEqual([]);
  });

  const changed: readonly [name: string, block: JsonObject, parts: PivotPart[], loss: string][] = [
    [
      "a document with an image in it",
      { type: "document", source: { type: "content", content: [{ type: "image", source: png }] } },
      [{ type: "file", source: { kind: "text", text: "" } }, image],
      "changed messages[].content[].document.source",
    ],
    [
      "a document with citations",
      { type: "document", source: { type: "text", data: "w" }, citations: { enabled: true } },
      [{ type: "file", source: { kind: "text", text: "w" } }],
      "dropped messages[].content[].citations",
    ],
    [
      "a search result",
      {
        type: "search_result",
        title: "T",
        source: "https://e.x",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      [{ type: "text", text: "T\nhttps://e.x\n\na\n\nb" }],
      "changed messages[].content[].search_result",
    ],
    [
      "an image to be made smaller",
      { type: "image", source: png, transformations: { oversized_image: "downsize" } },
      [image],
      "dropped messages[].content[].transformations",
    ],
  ];

  test.each(changed)("of %s names what changes", (_name, block, parts, loss) => {
    const { request, losses } = user(block);
    expect(request.items).toEqual([{ type: "message", role: "user", parts }]);
    expect(losses).toEqual([loss]);
  });

  test.each([
    [{ type: "image", source: {} }, "image"],
    [{ type: "document", source: { type: "base64" } }, "document"],
    [{ type: "server_tool_use", id: "s", name: "web_search", input: {} }, "server_tool_use"],
    [{ type: "web_search_tool_result", tool_use_id: "s", content: [] }, "web_search_tool_result"],
    [{ type: "code_execution_tool_result", tool_use_id: "s", content: {} }, "code_execution_tool_result"],
    [{ type: "container_upload", file_id: "f" }, "container_upload"],
    [{ type: "brand_new" }, "brand_new"],
    [{ text: 7 }, "unknown"],
  ] as const)("%j is dropped by its kind", (block, kind) => {
    const { request, losses } = assistant(block);
    expect(request.items).toEqual([]);
    expect(losses).toEqual([`dropped messages[].content[].${kind}`]);
  });

  test.each([
    ["is told as text", "f", [{ type: "text", text: "[tool: f]" }], "changed"],
    ["without a name is dropped by its kind", undefined, [], "dropped"],
  ])("of a tool's reference in a result %s", (_, tool_name, parts, effect) => {
    const reference = { type: "tool_reference", tool_name };
    const { request, losses } = user({ type: "tool_result", tool_use_id: "t", content: [reference] });
    expect(request.items).toEqual([{ type: "function_call_output", callId: "t", parts }]);
    expect(losses).toEqual([`${effect} messages[].content[].content[].tool_reference`]);
  });

  test("of a marked tool call loses its mark, and an empty result too", () => {
    const cache_control = { type: "ephemeral" };
    expect(assistant({ type: "tool_use", id: "t", name: "f", input: {}, cache_control }).losses).toEqual([
      "dropped messages[].content[].cache_control",
    ]);
    expect(user({ type: "tool_result", tool_use_id: "t", content: "", cache_control }).losses).toEqual([
      "dropped cache_control",
    ]);
  });

  test("of cited text says where it comes from", () => {
    const place = { type: "char_location", document_index: 0, cited_text: "w" };
    const page = {
      type: "web_search_result_location",
      url: "https://e.x",
      title: "T",
      cited_text: "w",
      encrypted_index: "secret",
    };
    const { request, losses } = assistant({ type: "text", text: "a", citations: [page, place] });
    expect(request.items).toEqual([
      {
        type: "message",
        role: "assistant",
        parts: [
          {
            type: "text",
            text: "a",
            annotations: [
              { type: "url_citation", url: "https://e.x", title: "T", citedText: "w", encryptedIndex: "secret" },
              { type: "opaque", wire: "messages", value: place },
            ],
          },
        ],
      },
    ]);
    expect(losses).toEqual([]);
  });
});

describe("a thought", () => {
  const seal = { wire: "messages", kind: "signature", value: "sig", provider: "p" } as const;
  const encrypted = { wire: "responses", kind: "encrypted", value: "enc", provider: "q" } as const;
  const redacted = { wire: "messages", kind: "redacted", value: "r", provider: "p" } as const;
  const thoughts: readonly [name: string, block: JsonObject, item: PivotItem][] = [
    [
      "its maker's bare signature",
      { type: "thinking", thinking: "Hm", signature: "sig" },
      { type: "reasoning", text: "Hm", summary: [], seal: { wire: "messages", kind: "signature", value: "sig" } },
    ],
    [
      "a signature that names its maker",
      { type: "thinking", thinking: "Hm", signature: wrapSeal(seal) },
      { type: "reasoning", text: "Hm", summary: [], seal },
    ],
    [
      "a signature alone (display omitted)",
      { type: "thinking", thinking: "", signature: wrapSeal(seal) },
      { type: "reasoning", text: "", summary: [], seal },
    ],
    [
      "no signature (llama.cpp)",
      { type: "thinking", thinking: "Hm", signature: "" },
      { type: "reasoning", text: "Hm", summary: [] },
    ],
    [
      "the encrypted reasoning of Responses, whose summary it shows",
      { type: "thinking", thinking: "In short", signature: wrapSeal(encrypted) },
      { type: "reasoning", text: "", summary: ["In short"], seal: encrypted },
    ],
    [
      "the encrypted reasoning of Responses alone",
      { type: "redacted_thinking", data: wrapSeal(encrypted) },
      { type: "reasoning", text: "", summary: [], seal: encrypted },
    ],
    [
      "nothing to read, bare",
      { type: "redacted_thinking", data: "r" },
      { type: "reasoning", text: "", summary: [], seal: { wire: "messages", kind: "redacted", value: "r" } },
    ],
    [
      "nothing to read, with its maker's name",
      { type: "redacted_thinking", data: wrapSeal(redacted) },
      { type: "reasoning", text: "", summary: [], seal: redacted },
    ],
  ];

  test.each(thoughts)("with %s is read", (_name, block, item) => {
    const { request, losses } = assistant(block, { type: "text", text: "a" });
    expect(request.items).toEqual([item, { type: "message", role: "assistant", parts: [{ type: "text", text: "a" }] }]);
    expect(losses).toEqual([]);
  });
});
