import { expect, test } from "vitest";
import { codecs } from "../codecs.ts";
import { joinCited } from "./join-cited.ts";
import { Ledger } from "./ledger.ts";
import type { Annotation, JsonObject, PivotPart } from "./types.ts";

const plain = (text: string): PivotPart => ({ type: "text", text });
const cited = (text: string, ...annotations: Annotation[]): PivotPart => ({ type: "text", text, annotations });
const page = (startIndex?: number, endIndex?: number): Annotation => ({
  type: "url_citation",
  url: "https://a.example",
  ...(startIndex === undefined ? {} : { startIndex }),
  ...(endIndex === undefined ? {} : { endIndex }),
});
const refusal: PivotPart = { type: "refusal", text: "No." };

test.each<[name: string, parts: PivotPart[], joined: PivotPart[]]>([
  ["texts without a citation stay apart", [plain("a"), plain("b")], [plain("a"), plain("b")]],
  [
    "what stands around a quotation goes on where it was",
    [plain("It is "), cited("blue", page()), plain(".")],
    [cited("It is blue.", page())],
  ],
  [
    "a paragraph that quotes nothing stays one",
    [plain("Looking."), plain("It is "), cited("blue", page())],
    [plain("Looking."), cited("It is blue", page())],
  ],
  [
    "a citation counts from where its piece begins now",
    [cited("ab", page(0, 2)), cited("cd", page(0, 1))],
    [cited("abcd", page(0, 2), page(2, 3))],
  ],
  [
    "what is no text parts two pieces",
    [cited("a", page()), refusal, plain("b")],
    [cited("a", page()), refusal, plain("b")],
  ],
  [
    "a mark for the cache ends its piece",
    [{ ...cited("a", page()), cache: { type: "ephemeral" } } as PivotPart, plain("b")],
    [{ ...cited("a", page()), cache: { type: "ephemeral" } } as PivotPart, plain("b")],
  ],
])("%s", (_name, parts, joined) => {
  expect(joinCited(parts)).toEqual(joined);
});

const citation = {
  type: "web_search_result_location",
  url: "https://a.example",
  title: "A",
  cited_text: "blue",
  encrypted_index: "E",
};

test.each([
  ["chat", "messages"],
  ["responses", "input"],
] as const)("an answer of Messages that cites is one text when it is replayed to %s", (wire, key) => {
  const content = [
    { type: "text", text: "The sky is " },
    { type: "text", text: "blue", citations: [citation] },
    { type: "text", text: ", they say." },
  ];
  const ledger = new Ledger("messages", wire);
  const messages = [
    { role: "user", content: "Which colour?" },
    { role: "assistant", content },
    { role: "user", content: "Thanks." },
  ];
  const request = codecs.messages.readRequest({ model: "m", max_tokens: 9, messages }, ledger);
  const body = codecs[wire].writeRequest(request, { model: "m" }, ledger);
  const said = (body[key] as JsonObject[]).filter(({ role }) => role === "assistant");
  expect(said).toMatchObject([{ content: "The sky is blue, they say." }]);
  expect(ledger.losses.map(({ effect, field }) => `${effect} ${field}`)).toEqual([
    "dropped messages[].content[].citations",
  ]);
});
