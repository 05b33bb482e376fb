import { describe, expect, test } from "vitest";
import type { PivotPart } from "../pivot/types.ts";
import { call, message, output, user, write } from "./testing.ts";

const image = { type: "image", source: { kind: "base64", mediaType: "image/png", data: "iVBO" } } as const;
const linked = { type: "image", source: { kind: "url", url: "https://a.example/b.png" } } as const;
const pdf = { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "JVBE" } } as const;
const uploaded = { type: "file", source: { kind: "id", id: "file-1" }, name: "a.pdf" } as const;
const sound = { type: "audio", data: "UklG", format: "wav" } as const;
const text = (words: string): PivotPart => ({ type: "text", text: words });

const imagePart = { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } };
const pdfPart = { type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,JVBE" } };
const soundPart = { type: "input_audio", input_audio: { data: "UklG", format: "wav" } };

describe("media in a user's message", () => {
  test.each([
    ["an image", image, imagePart],
    ["a document", pdf, pdfPart],
    ["a document with a name", { ...pdf, name: "a.pdf" }, { ...pdfPart, file: { ...pdfPart.file, filename: "a.pdf" } }],
    ["sound", sound, soundPart],
    [
      "an image with its detail",
      { ...image, detail: "low" },
      { type: "image_url", image_url: { ...imagePart.image_url, detail: "low" } },
    ],
  ] satisfies [string, PivotPart, unknown][])("is a part: %s", (_name, part, expected) => {
    const { body, losses } = write({ items: [user(text("See:"), part)] });
    expect(body.messages).toEqual([{ role: "user", content: [{ type: "text", text: "See:" }, expected] }]);
    expect(losses).toEqual([]);
  });

  test("is text where it is a text, so that the message stays one", () => {
    const notes = { type: "file", source: { kind: "text", text: "Milk." } } as const;
    const encoded = { ...pdf, source: { kind: "base64", mediaType: "text/plain", data: "RWdncy4=" } } as const;
    const { body, losses } = write({
      items: [user({ ...notes, name: "notes.txt", context: "In a hurry." }, notes, encoded, text("Sum up."))],
    });
    expect(body.messages).toEqual([
      { role: "user", content: "In a hurry.\n\nnotes.txt:\nMilk.\n\nMilk.\n\nEggs.\n\nSum up." },
    ]);
    expect(losses).toEqual([]);
  });

  test.each([
    [
      "an image by address",
      linked,
      ["media_urls"],
      { type: "image_url", image_url: { url: "https://a.example/b.png" } },
    ],
    ["a file by id", uploaded, ["file_ids"], { type: "file", file: { file_id: "file-1" } }],
  ] satisfies [string, PivotPart, string[], unknown][])("needs a feature: %s", (_name, part, features, expected) => {
    const { body, losses } = write({ items: [user(part)] }, features, { from: "responses" });
    expect(body.messages).toEqual([{ role: "user", content: [expected] }]);
    expect(losses).toEqual([]);
  });

  test.each([
    ["an image by address", linked, [], "[image: https://a.example/b.png]", "dropped messages[].content[].image"],
    ["a file by id", uploaded, [], "[file: a.pdf]", "dropped messages[].content[].document"],
    ["another vendor's file", uploaded, ["file_ids"], "[file: a.pdf]", "dropped messages[].content[].document"],
    [
      "a document by address",
      { type: "file", source: { kind: "url", url: "https://a.example/b.pdf" } },
      ["media_urls"],
      "[file: https://a.example/b.pdf]",
      "dropped messages[].content[].document",
    ],
    [
      "an image by id",
      { type: "image", source: { kind: "id", id: "file_1" } },
      ["file_ids", "media_urls"],
      "[image]",
      "dropped messages[].content[].image",
    ],
  ] satisfies [string, PivotPart, string[], string, string][])(
    "is named, and listed as lost, where it cannot be sent: %s",
    (_name, part, features, content, loss) => {
      const { body, losses } = write({ items: [user(part)] }, features);
      expect(body.messages).toEqual([{ role: "user", content }]);
      expect(losses).toEqual([loss]);
    },
  );

  test("loses a detail that chat does not know", () => {
    const { body, losses } = write({ items: [user({ ...image, detail: "ultra" })] });
    expect(body.messages).toEqual([{ role: "user", content: [imagePart] }]);
    expect(losses).toEqual(["dropped messages[].content[].detail"]);
  });
});

describe("media elsewhere", () => {
  const items = [
    call("c"),
    call("d"),
    output("c", "Taken.", image),
    output("d", pdf, image),
    message("user", "Well?"),
  ] as const;

  test("in results comes after all results of the turn, and that is said", () => {
    const { body, losses } = write({ items });
    expect(body.messages.slice(1)).toEqual([
      { role: "tool", tool_call_id: "c", content: "Taken." },
      { role: "tool", tool_call_id: "d", content: "[See below.]" },
      {
        role: "user",
        content: [
          { type: "text", text: "[Of the result of tool call c]" },
          imagePart,
          { type: "text", text: "[Of the result of tool call d]" },
          pdfPart,
          imagePart,
        ],
      },
      { role: "user", content: "Well?" },
    ]);
    expect(losses).toEqual(["changed messages[].content[].image", "changed messages[].content[].document"]);
  });

  test("in results that failed, of a backend whose other wire takes it there, comes after them all the same", () => {
    const failed = { ...output("d", pdf), isError: true } as const;
    const { body, losses } = write({ items: [call("c"), call("d"), items[2], failed] }, ["media_outputs"]);
    expect(body.messages.slice(1)).toEqual([
      { role: "tool", tool_call_id: "c", content: "Taken." },
      { role: "tool", tool_call_id: "d", content: "Error: " },
      {
        role: "user",
        content: [
          { type: "text", text: "[Of the result of tool call c]" },
          imagePart,
          { type: "text", text: "[Of the result of tool call d]" },
          pdfPart,
        ],
      },
    ]);
    expect(losses).toEqual([
      "changed messages[].content[].image",
      "changed messages[].content[].is_error",
      "changed messages[].content[].document",
    ]);
  });

  test.each(["system", "assistant"] as const)("in a message of the %s follows it", (role) => {
    const { body, losses } = write({ items: [{ type: "message", role, parts: [text("See:"), image] }] });
    expect(body.messages).toEqual([
      { role, content: "See:" },
      { role: "user", content: [{ type: "text", text: expect.stringContaining(role) }, imagePart] },
    ]);
    expect(losses).toEqual(["changed messages[].content[].image"]);
  });

  test("that is all of a system message stands for it", () => {
    const { body } = write({ items: [{ type: "message", role: "system", parts: [image] }] });
    expect(body.messages.map(({ role }) => role)).toEqual(["user"]);
  });
});
