import { expect, test } from "vitest";
import { codecs } from "../codecs.ts";

const message = (id: string, text: string, status: string) => ({
  type: "message",
  id,
  role: "assistant",
  status,
  content: [{ type: "output_text", text, annotations: [] }],
});

const read = (...output: object[]) =>
  codecs.responses.readAnswer({
    id: "resp_1",
    object: "response",
    model: "m",
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output,
  });

test("a message that was cut off is open when the answer ends", () => {
  const types = read(message("a", "Once", "incomplete")).map(({ type }) => type);
  expect(types).toContain("text.delta");
  expect(types).not.toContain("item.end");
  expect(types.at(-1)).toBe("finish");
});

test("a message after one that was cut off is another", () => {
  const events = read(message("a", "Once", "incomplete"), message("b", "Twice", "completed"));
  const said = events.flatMap((event) => (event.type === "text.delta" ? [[event.index, event.delta]] : []));
  expect(said).toEqual([
    [0, "Once"],
    [1, "Twice"],
  ]);
});
