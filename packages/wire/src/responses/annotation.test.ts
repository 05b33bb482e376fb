import { describe, expect, test } from "vitest";
import type { Annotation, AnswerEvent, JsonObject } from "../pivot/types.ts";
import { fromAnnotation } from "./annotation.ts";
import { write } from "./testing/write.ts";

const file = { type: "file_citation", file_id: "f", filename: "a.txt", index: 3 };
const citation = { type: "url_citation", url: "u", title: "T", start_index: 1, end_index: 4 };

describe("reading an annotation", () => {
  test.each<[value: unknown, offset: number, annotation: Annotation | undefined]>([
    [citation, 0, { type: "url_citation", url: "u", title: "T", startIndex: 1, endIndex: 4 }],
    [citation, 10, { type: "url_citation", url: "u", title: "T", startIndex: 11, endIndex: 14 }],
    [{ type: "url_citation", url: "u" }, 10, { type: "url_citation", url: "u" }],
    [file, 10, { type: "opaque", wire: "responses", value: file }],
    [{ type: "url_citation" }, 0, { type: "opaque", wire: "responses", value: { type: "url_citation" } }],
    [null, 0, undefined],
    ["x", 0, undefined],
  ])("%j after %i characters", (value, offset, annotation) => {
    expect(fromAnnotation(value, offset)).toEqual(annotation);
  });
});

const annotate = (annotation: Annotation): AnswerEvent => ({ type: "annotation", index: 0, annotation });
const message: AnswerEvent = { type: "item.start", index: 0, item: { type: "message" } };
const said = (delta: string): AnswerEvent => ({ type: "text.delta", index: 0, delta });

describe("writing an annotation", () => {
  test.each<[name: string, events: AnswerEvent[], annotations: JsonObject[]]>([
    [
      "with its place",
      [said("Hello"), annotate({ type: "url_citation", url: "u", title: "T", startIndex: 1, endIndex: 4 })],
      [citation],
    ],
    [
      "without one where it was made",
      [said("Hello"), annotate({ type: "url_citation", url: "u" }), said(" world")],
      [{ type: "url_citation", url: "u", title: "", start_index: 5, end_index: 5 }],
    ],
    [
      "with a beginning alone from there to where it was made",
      [said("Hello"), annotate({ type: "url_citation", url: "u", startIndex: 2 })],
      [{ type: "url_citation", url: "u", title: "", start_index: 2, end_index: 5 }],
    ],
    [
      "before any text",
      [annotate({ type: "url_citation", url: "u" }), said("Hello")],
      [{ type: "url_citation", url: "u", title: "", start_index: 0, end_index: 0 }],
    ],
    [
      "of this wire's own as it is, one after the other",
      [
        said("Hello"),
        annotate({ type: "opaque", wire: "responses", value: file }),
        annotate({ type: "url_citation", url: "u" }),
      ],
      [file, { type: "url_citation", url: "u", title: "", start_index: 5, end_index: 5 }],
    ],
    [
      "of another wire not at all",
      [
        said("Hello"),
        annotate({ type: "opaque", wire: "chat", value: {} }),
        annotate({ type: "url_citation", url: "u" }),
      ],
      [{ type: "url_citation", url: "u", title: "", start_index: 5, end_index: 5 }],
    ],
    [
      "of a refusal not at all",
      [{ type: "refusal.delta", index: 0, delta: "No." }, annotate({ type: "url_citation", url: "u" }), said("Hello")],
      [],
    ],
  ])("%s", (_name, events, annotations) => {
    const { violations, events: streamed, last, whole } = write([message, ...events]);
    expect(violations).toEqual([]);
    expect(last).toEqual(whole);
    const parts = (whole.output as { content: JsonObject[] }[])[0]?.content ?? [];
    expect(parts.flatMap((part) => part.annotations ?? [])).toEqual(annotations);
    const added = streamed.filter(({ type }) => type === "response.output_text.annotation.added");
    expect(added.map(({ annotation }) => annotation)).toEqual(annotations);
    expect(added.map(({ annotation_index: index }) => index)).toEqual(annotations.map((_, index) => index));
  });

  test("says that the cited words are lost", () => {
    const { losses } = write([message, said("Hi"), annotate({ type: "url_citation", url: "u", citedText: "w" })]);
    expect(losses).toEqual(["dropped content[].citations.cited_text"]);
  });
});
