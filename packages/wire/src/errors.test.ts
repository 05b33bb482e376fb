import { describe, expect, test } from "vitest";
import { codecs } from "./codecs.ts";
import { readFault } from "./pivot/fault.ts";
import { textWires, type WireFault } from "./pivot/types.ts";
import { contentOf, readStream } from "./testing/exchange.ts";

const plain: WireFault = { message: "No." };

describe("an error body", () => {
  test.each([
    [400, "invalid_request_error"],
    [401, "authentication_error"],
    [402, "insufficient_quota"],
    [403, "permission_error"],
    [404, "not_found_error"],
    [413, "invalid_request_error"],
    [429, "rate_limit_error"],
    [500, "server_error"],
    [502, "server_error"],
    [503, "service_unavailable_error"],
    [504, "timeout_error"],
    [529, "overloaded_error"],
  ])("for %i is a %s on both OpenAI wires", (status, type) => {
    const body = { error: { message: "No.", type, param: null, code: null } };
    expect(codecs.chat.errorBody(status, plain, "r1")).toEqual(body);
    expect(codecs.responses.errorBody(status, plain, "r1")).toEqual(body);
  });

  test.each([
    [400, "invalid_request_error"],
    [401, "authentication_error"],
    [402, "billing_error"],
    [403, "permission_error"],
    [404, "not_found_error"],
    [413, "request_too_large"],
    [429, "rate_limit_error"],
    [500, "api_error"],
    [502, "api_error"],
    [503, "overloaded_error"],
    [504, "timeout_error"],
    [529, "overloaded_error"],
  ])("for %i is a %s on Messages", (status, type) => {
    expect(codecs.messages.errorBody(status, plain, "r1")).toEqual({
      type: "error",
      error: { type, message: "No." },
      request_id: "r1",
    });
  });

  test("keeps the fault's own labels on the OpenAI wires", () => {
    const fault = { message: "No.", type: "t", code: "c", param: "p" };
    expect(codecs.chat.errorBody(400, fault, "r1")).toEqual({ error: fault });
  });

  test("takes only Anthropic's types on Messages", () => {
    expect(codecs.messages.errorBody(503, { message: "x", type: "rate_limit_error" }, "r")).toMatchObject({
      error: { type: "rate_limit_error" },
    });
    expect(codecs.messages.errorBody(503, { message: "x", type: "server_error" }, "r")).toMatchObject({
      error: { type: "overloaded_error" },
    });
  });

  test("words an overflow as Messages clients know it, once", () => {
    const worded = (message: string): unknown =>
      codecs.messages.errorBody(400, { message, code: "context_length_exceeded" }, "r").error;
    expect(worded("9 tokens")).toMatchObject({ message: "prompt is too long: 9 tokens" });
    expect(worded("prompt is too long: 9 tokens > 8 maximum")).toMatchObject({
      message: "prompt is too long: 9 tokens > 8 maximum",
    });
  });
});

describe("an error event", () => {
  test.each(textWires)("on %s ends a stream as an error, and is read as what it was", (wire) => {
    const text = codecs[wire].errorEvent(529, { message: "Busy.", code: "busy" }, "r1");
    expect(contentOf(readStream(wire, text)).fault).toMatchObject({ message: "Busy." });
    expect(text).not.toContain("[DONE]");
  });

  test("on Responses carries on with the numbers and closes with response.failed", () => {
    const text = codecs.responses.errorEvent(500, plain, "r1", 7);
    const events = text
      .trim()
      .split("\n\n")
      .map((event) => JSON.parse(event.split("\ndata: ")[1] ?? "{}"));
    expect(events).toMatchObject([
      { type: "error", message: "No.", sequence_number: 7 },
      { type: "response.failed", sequence_number: 8, response: { status: "failed", error: { message: "No." } } },
    ]);
  });
});

describe("readFault", () => {
  test.each([
    [
      "nested",
      { error: { message: "m", type: "t", code: "c", param: "p" } },
      { message: "m", type: "t", code: "c", param: "p" },
    ],
    ["a string", { error: "m" }, { message: "m" }],
    ["Anthropic's", { type: "error", error: { type: "t", message: "m" } }, { message: "m", type: "t" }],
    ["flat", { object: "error", message: "m", type: "t", code: 400 }, { message: "m", type: "t", code: "400" }],
    ["FastAPI's", { detail: "Not Found" }, { message: "Not Found" }],
    ["plain text", "Internal Server Error", { message: "Internal Server Error" }],
    ["an error with the message beside it", { error: {}, message: "m" }, { message: "m" }],
    ["nothing", {}, { message: "fallback" }],
    ["null", null, { message: "fallback" }],
    ["an empty string", "", { message: "fallback" }],
    ["a list", [1], { message: "fallback" }],
  ])("reads %s", (_name, value, fault) => {
    expect(readFault(value, "fallback")).toEqual({ ...fault, raw: value });
  });
});

describe("a whole 200 that is no answer", () => {
  const noAnswers: readonly [name: string, body: unknown, message: RegExp][] = [
    [
      "an error string (LM Studio's unknown path)",
      { error: "Unexpected endpoint or method. (POST /x)" },
      /^Unexpected endpoint/,
    ],
    ["an error object", { error: { code: 429, message: "slow down" } }, /^slow down$/],
    ["an empty object", {}, /^The backend's reply is no /],
    ["null", null, /^The backend's reply is no /],
    ["text", "<html>", /^<html>$/],
    ["a list", [], /^The backend's reply is no /],
    ["empty choices", { choices: [] }, /^The backend's reply is no /],
    ["a choice without a message", { choices: [{ index: 0 }] }, /^The backend's reply is no /],
    ["content and output that are no lists", { content: "a", output: "b" }, /^The backend's reply is no /],
  ];
  const cases = textWires.flatMap((wire) =>
    noAnswers.map(([name, body, message]) => [wire, name, body, message] as const),
  );

  test.each(cases)("on %s is one error: %s", (wire, _name, body, message) => {
    const events = codecs[wire].readAnswer(body);
    expect(events).toEqual([
      { type: "error", fault: expect.objectContaining({ message: expect.stringMatching(message), raw: body }) },
    ]);
  });

  test("is one error also where the choice itself failed (OpenRouter)", () => {
    const body = {
      id: "gen-1",
      choices: [
        {
          index: 0,
          message: { content: "partial" },
          finish_reason: "error",
          error: { code: 502, message: "upstream" },
        },
      ],
    };
    expect(codecs.chat.readAnswer(body)).toEqual([
      { type: "error", fault: { message: "upstream", code: "502", raw: body } },
    ]);
  });

  test("is one error where a response failed or was cancelled", () => {
    for (const status of ["failed", "cancelled"]) {
      const body = { id: "resp_1", output: [], status };
      expect(codecs.responses.readAnswer(body)).toMatchObject([{ type: "error", fault: { raw: body } }]);
    }
  });
});
