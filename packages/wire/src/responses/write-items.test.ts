import { describe, expect, test } from "vitest";
import type { WireFeature } from "../pivot/features.ts";
import type { JsonObject, PivotItem, PivotPart, Seal } from "../pivot/types.ts";
import { writeBody } from "./testing/write-body.ts";

const message = (role: "system" | "developer" | "user" | "assistant", ...texts: string[]): PivotItem => ({
  type: "message",
  role,
  parts: texts.map((text) => ({ type: "text", text })),
});
const user = (...parts: PivotPart[]): PivotItem => ({ type: "message", role: "user", parts });
const call = (callId = "c"): PivotItem => ({ type: "function_call", callId, name: "f", arguments: "{}" });
const output = (callId: string, ...parts: PivotPart[]): PivotItem => ({ type: "function_call_output", callId, parts });
const image: PivotPart = { type: "image", source: { kind: "base64", mediaType: "image/png", data: "aGk=" } };
const writtenImage = { type: "input_image", image_url: "data:image/png;base64,aGk=", detail: "auto" };
const written = (items: PivotItem[], features: WireFeature[] = []): { input: JsonObject[]; losses: string[] } => {
  const { body, losses } = writeBody({ items }, features);
  return { input: body.input as JsonObject[], losses };
};

describe("messages", () => {
  test("that lead alone as system's are the instructions", () => {
    const { body } = writeBody({ items: [message("system", "a", "b"), message("user", "c")] });
    expect(body).toEqual({
      model: "m",
      instructions: "a\n\nb",
      input: [{ type: "message", role: "user", content: "c" }],
      store: false,
    });
  });

  test("of system and developer keep their places where there are several", () => {
    const items = [message("system", "a"), message("developer", "b"), message("user", "c"), message("system", "d")];
    const { body } = writeBody({ items });
    expect(body).not.toHaveProperty("instructions");
    expect((body.input as JsonObject[]).map(({ role }) => role)).toEqual(["system", "developer", "user", "system"]);
  });

  test.each<[name: string, lead: PivotItem]>([
    ["an image", { type: "message", role: "system", parts: [{ type: "text", text: "a" }, image] }],
    ["a name", { type: "message", role: "system", parts: [{ type: "text", text: "a" }], name: "n" }],
  ])("that lead with %s are no instructions", (_name, lead) => {
    const { body } = writeBody({ items: [lead, message("user", "b")] });
    expect(body).not.toHaveProperty("instructions");
    expect(body.input).toHaveLength(2);
  });

  test("make a tool turn", () => {
    const { input, losses } = written([
      message("user", "a", "b"),
      message("assistant", "c", "d"),
      { type: "function_call", callId: "c1", name: "f", arguments: "" },
      { ...output("c1", { type: "text", text: "x" }), isError: true } as PivotItem,
      { type: "message", role: "assistant", parts: [{ type: "refusal", text: "No." }] },
    ]);
    expect(input).toEqual([
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "a" },
          { type: "input_text", text: "b" },
        ],
      },
      { type: "message", role: "assistant", content: "c\n\nd" },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "Error: x" },
      { type: "message", role: "assistant", content: "No." },
    ]);
    expect(losses).toEqual(["changed messages[].content[].is_error"]);
  });

  test("lose names, cache marks and where an assistant's words come from", () => {
    const { input, losses } = written([
      {
        type: "message",
        role: "user",
        parts: [{ type: "text", text: "a", cache: { type: "ephemeral" } }],
        name: "ann",
      },
      {
        type: "message",
        role: "assistant",
        parts: [{ type: "text", text: "b", annotations: [{ type: "url_citation", url: "u" }] }],
      },
    ]);
    expect(input).toEqual([
      { type: "message", role: "user", content: "a" },
      { type: "message", role: "assistant", content: "b" },
    ]);
    expect(losses).toEqual([
      "dropped messages[].name",
      "dropped messages[].content[].cache_control",
      "dropped messages[].content[].citations",
    ]);
  });

  test("keep their phase where OpenAI itself is asked", () => {
    const spoken: PivotItem = {
      type: "message",
      role: "assistant",
      phase: "commentary",
      parts: [{ type: "text", text: "a" }],
    };
    expect(written([spoken], ["prompt_cache"])).toEqual({
      input: [{ type: "message", role: "assistant", content: "a", phase: "commentary" }],
      losses: [],
    });
    expect(written([spoken])).toEqual({
      input: [{ type: "message", role: "assistant", content: "a" }],
      losses: ["dropped messages[].phase"],
    });
  });

  test("of an assistant keep their refusals apart where OpenAI itself is asked", () => {
    const spoken: PivotItem = {
      type: "message",
      role: "assistant",
      parts: [
        { type: "text", text: "a" },
        { type: "refusal", text: "No." },
      ],
    };
    expect(written([message("user", "x"), spoken], ["prompt_cache"]).input[1]).toEqual({
      type: "message",
      id: "msg_1",
      status: "completed",
      role: "assistant",
      content: [
        { type: "output_text", text: "a", annotations: [] },
        { type: "refusal", refusal: "No." },
      ],
    });
    expect(written([spoken]).input).toEqual([{ type: "message", role: "assistant", content: "a\n\nNo." }]);
  });

  test("of an assistant hold no media", () => {
    const { input, losses } = written([
      { type: "message", role: "assistant", parts: [image, { type: "text", text: "a" }] },
      { type: "message", role: "assistant", parts: [{ type: "audio", data: "aGk=", format: "wav" }] },
    ]);
    expect(input).toEqual([{ type: "message", role: "assistant", content: "a" }]);
    expect(losses).toEqual(["dropped messages[].content[].image", "dropped messages[].content[].audio"]);
  });
});

describe("a part", () => {
  test.each<[name: string, part: PivotPart, features: WireFeature[], content: unknown, losses: string[]]>([
    ["an image's bytes", image, [], [writtenImage], []],
    [
      "an image by URL",
      { type: "image", source: { kind: "url", url: "https://a.example/b" }, detail: "high" },
      ["media_urls"],
      [{ type: "input_image", image_url: "https://a.example/b", detail: "high" }],
      [],
    ],
    [
      "an image by URL for a backend that fetches nothing",
      { type: "image", source: { kind: "url", url: "https://a.example/b" } },
      [],
      "[image: https://a.example/b]",
      ["changed messages[].content[].image"],
    ],
    [
      "an image by a data URL of another spelling",
      { type: "image", source: { kind: "url", url: "data:image/svg+xml,x" }, detail: "odd" },
      [],
      [{ type: "input_image", image_url: "data:image/svg+xml,x", detail: "auto" }],
      [],
    ],
    [
      "an image by its vendor's id",
      { type: "image", source: { kind: "id", id: "file_1" } },
      ["file_ids"],
      [{ type: "input_image", file_id: "file_1", detail: "auto" }],
      [],
    ],
    [
      "a document's bytes",
      { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "aGk=" }, name: "a.pdf" },
      [],
      [{ type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,aGk=" }],
      [],
    ],
    [
      "a document without a name, with words about it",
      { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "aGk=" }, context: "Read this." },
      [],
      [
        { type: "input_text", text: "Read this." },
        { type: "input_file", filename: "document.pdf", file_data: "data:application/pdf;base64,aGk=" },
      ],
      [],
    ],
    [
      "a document of an unknown kind",
      { type: "file", source: { kind: "base64", mediaType: "application/odd", data: "aGk=" } },
      [],
      [{ type: "input_file", filename: "document", file_data: "data:application/odd;base64,aGk=" }],
      [],
    ],
    [
      "a plain document",
      { type: "file", source: { kind: "text", text: "abc" }, name: "a.txt" },
      [],
      "[a.txt]\nabc",
      [],
    ],
    [
      "a document by URL",
      { type: "file", source: { kind: "url", url: "https://a.example/b" } },
      ["media_urls"],
      [{ type: "input_file", file_url: "https://a.example/b" }],
      [],
    ],
    [
      "a document by URL for a backend that fetches nothing",
      { type: "file", source: { kind: "url", url: "https://a.example/b" } },
      [],
      "[file: https://a.example/b]",
      ["changed messages[].content[].document"],
    ],
    [
      "a document by its vendor's id",
      { type: "file", source: { kind: "id", id: "file_1" } },
      ["file_ids"],
      [{ type: "input_file", file_id: "file_1" }],
      [],
    ],
    [
      "a sound",
      { type: "audio", data: "aGk=", format: "wav" },
      [],
      [{ type: "input_audio", input_audio: { data: "aGk=", format: "wav" } }],
      [],
    ],
  ])("of a message: %s", (_name, part, features, content, losses) => {
    expect(written([user(part)], features)).toEqual({ input: [{ type: "message", role: "user", content }], losses });
  });

  test.each<[part: PivotPart, loss: string]>([
    [{ type: "image", source: { kind: "id", id: "file_1" } }, "dropped messages[].content[].image"],
    [{ type: "file", source: { kind: "id", id: "file_1" } }, "dropped messages[].content[].document"],
  ])("kept by another vendor is left out: %j", (part, loss) => {
    expect(written([user(part), message("user", "a")])).toEqual({
      input: [{ type: "message", role: "user", content: "a" }],
      losses: [loss],
    });
  });
});

describe("a tool's output", () => {
  const text: PivotPart = { type: "text", text: "x" };

  test("with media goes in parts where the backend takes that", () => {
    const { input, losses } = written([call(), output("c", text, image)], ["media_outputs"]);
    expect(input[1]).toEqual({
      type: "function_call_output",
      call_id: "c",
      output: [{ type: "input_text", text: "x" }, writtenImage],
    });
    expect(losses).toEqual([]);
  });

  test("of a failure with media says so in a part of its own", () => {
    const failed = { ...output("c", image), isError: true } as PivotItem;
    const { input, losses } = written([call(), failed], ["media_outputs"]);
    expect(input[1]?.output).toEqual([{ type: "input_text", text: "Error:" }, writtenImage]);
    expect(losses).toEqual(["changed messages[].content[].is_error"]);
  });

  test("shows its media in a message after all outputs where the backend takes texts alone", () => {
    const { input, losses } = written([
      call("c1"),
      call("c2"),
      output("c1", text, image),
      output("c2", image),
      message("user", "next"),
    ]);
    expect(input.slice(2)).toEqual([
      { type: "function_call_output", call_id: "c1", output: "x" },
      { type: "function_call_output", call_id: "c2", output: "The output is shown in the next message." },
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "[Output of tool call c1]" },
          writtenImage,
          { type: "input_text", text: "[Output of tool call c2]" },
          writtenImage,
        ],
      },
      { type: "message", role: "user", content: "next" },
    ]);
    expect(losses).toEqual(["changed messages[].content[].image"]);
  });

  test("shows nothing where nothing of its media can be carried", () => {
    const { input, losses } = written([
      call(),
      output("c", text, { type: "image", source: { kind: "id", id: "file_1" } }),
    ]);
    expect(input.slice(1)).toEqual([{ type: "function_call_output", call_id: "c", output: "x" }]);
    expect(losses).toEqual(["dropped messages[].content[].image"]);
  });

  test("shows its media at the very end, too", () => {
    const { input } = written([call(), output("c", image)]);
    expect(input.at(-1)).toMatchObject({ role: "user", content: [{ type: "input_text" }, writtenImage] });
  });

  test("has no sound among parts", () => {
    const { input, losses } = written(
      [call(), output("c", text, { type: "audio", data: "aGk=", format: "wav" })],
      ["media_outputs"],
    );
    expect(input[1]?.output).toBe("x");
    expect(losses).toEqual(["dropped messages[].content[].audio"]);
  });

  test("that a call lacks is an empty one, of the call's kind", () => {
    const open: PivotItem = { type: "custom_call", callId: "c2", name: "g", input: "x" };
    const { input, losses } = written([call("c1"), open, message("user", "go on")], ["custom_tools"]);
    expect(input.map(({ type, call_id: id, output: said }) => [type, id, said])).toEqual([
      ["function_call", "c1", undefined],
      ["function_call_output", "c1", "(no result)"],
      ["custom_tool_call", "c2", undefined],
      ["custom_tool_call_output", "c2", "(no result)"],
      ["message", undefined, undefined],
    ]);
    expect(losses).toEqual(["changed messages[].content[].tool_use"]);
  });

  test("whose call has an odd id is still its own", () => {
    const { input } = written([call("functions.f:0"), output("functions.f:0", text)]);
    expect(input.map(({ call_id: id }) => id)).toEqual(["functions_f_0", "functions_f_0"]);
  });

  test("whose call has too long an id is still its own", () => {
    const long = "x".repeat(80);
    const { input } = written([call(long), call(`${long}y`), output(long, text), output(`${long}y`, text)]);
    const ids = input.map(({ call_id: id }) => String(id));
    expect(ids.every((id) => id.length <= 64)).toBe(true);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
    expect(new Set(ids).size).toBe(2);
  });
});

describe("reasoning of earlier turns", () => {
  const own: Seal = { wire: "responses", kind: "encrypted", value: "gAAA/+=", provider: "openai" };
  const thought = (seal?: Seal): PivotItem => ({
    type: "reasoning",
    text: "Hm",
    summary: ["A", "B"],
    ...(seal === undefined ? {} : { seal }),
  });

  test("goes back to its maker, sealed as it was", () => {
    expect(written([thought(own), message("assistant", "Hi")])).toEqual({
      input: [
        {
          type: "reasoning",
          summary: [
            { type: "summary_text", text: "A" },
            { type: "summary_text", text: "B" },
          ],
          encrypted_content: "gAAA/+=",
        },
        { type: "message", role: "assistant", content: "Hi" },
      ],
      losses: [],
    });
  });

  test("that Messages has in no words is left out under its own name", () => {
    const seal: Seal = { wire: "messages", kind: "redacted", value: "x", provider: "anthropic" };
    const { losses } = written([{ type: "reasoning", text: "", summary: [], seal }, message("assistant", "Hi")]);
    expect(losses).toEqual(["dropped messages[].content[].redacted_thinking"]);
  });

  test.each<[name: string, seal: Seal | undefined]>([
    ["without a seal", undefined],
    ["of another provider", { ...own, provider: "other" }],
    ["of nobody known", { wire: "responses", kind: "encrypted", value: "x" }],
    ["of another wire", { wire: "messages", kind: "signature", value: "x", provider: "openai" }],
  ])("%s is left out", (_name, seal) => {
    expect(written([thought(seal), message("assistant", "Hi")])).toEqual({
      input: [{ type: "message", role: "assistant", content: "Hi" }],
      losses: ["dropped messages[].content[].thinking"],
    });
  });
});
