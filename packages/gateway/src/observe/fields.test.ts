import type { Receipt } from "@headgate/core";
import { describe, expect, it } from "vitest";
import { describeReceipt, describeRefusal } from "./describe.ts";
import { requestFields } from "./fields.ts";

const attempt = (outcome: Receipt["attempts"][number]["outcome"], rest = {}): Receipt["attempts"][number] => ({
  ref: "anthropic/a",
  wire: "messages",
  place: "us",
  startedAt: 0,
  outcome,
  duration: 1,
  ...rest,
});

const receipt = (rest: Partial<Receipt> = {}): Receipt => ({
  id: "id1",
  time: 0,
  wire: "chat",
  stream: true,
  requested: "Sonnet",
  candidates: [{ ref: "anthropic/a", places: ["us"] }],
  attempts: [attempt("ok")],
  served: "anthropic/a",
  place: "us",
  status: 200,
  outcome: "ok",
  losses: [],
  warnings: [],
  duration: 12.345,
  ...rest,
});

describe("the log's fields of a request", () => {
  it("name what was asked, tried, skipped and served, and what it cost", () => {
    const loss = { field: "logprobs", from: "chat", to: "messages", why: "it has none", effect: "dropped" } as const;
    const fields = requestFields(
      receipt({
        candidates: [
          { ref: "x/y", places: ["us"], skipped: "outside the boundary local: it runs at us" },
          { ref: "anthropic/a", places: ["us"] },
        ],
        attempts: [attempt("overloaded"), attempt("ok")],
        within: ["local", "us"],
        losses: [loss],
        warnings: ["another model answered"],
        usage: { inputTokens: 10, outputTokens: 20 },
        cost: 0.5,
        client: "laptop",
      }),
    );
    expect(fields).toEqual({
      id: "id1",
      wire: "chat",
      stream: true,
      requested: "Sonnet",
      served: "anthropic/a",
      place: "us",
      within: "local+us",
      attempts: ["anthropic/a:overloaded", "anthropic/a:ok"],
      skipped: ["x/y: outside the boundary local: it runs at us"],
      status: 200,
      outcome: "ok",
      duration: 12.3,
      tokens: { input: 10, output: 20 },
      cost: 0.5,
      losses: ["dropped:logprobs"],
      warnings: ["another model answered"],
      client: "laptop",
    });
  });

  it("leave out a backend's own words, which may quote the prompt", () => {
    const failure = { kind: "invalid_request", message: "cannot read: <the prompt>" } as const;
    const attempts = [attempt("invalid_request", { status: 400, message: failure.message })];
    const fields = requestFields(receipt({ outcome: "failed", status: 400, failure, attempts }));
    expect(fields.failure).toBe("invalid_request");
    expect(JSON.stringify(fields)).not.toContain("the prompt");
  });

  it("leave out the words of a gateway's 504, and keep ours where nobody answered", () => {
    const failure = { kind: "timeout", message: "<words>" } as const;
    const fields = (rest: object): unknown =>
      requestFields(receipt({ outcome: "failed", failure, attempts: [attempt("timeout", rest)] })).reason;
    expect(fields({ status: 504 })).toBeUndefined();
    expect(fields({})).toBe("<words>");
  });

  it("shorten a name that a client made long", () => {
    const { requested } = requestFields(receipt({ requested: "x".repeat(100_000) }));
    expect(String(requested)).toHaveLength(201);
  });
});

describe("a request as a line for people", () => {
  it("says who answered, where, how long it took, and who failed before, repeats counted", () => {
    const attempts = [attempt("overloaded"), attempt("overloaded"), attempt("ok", { ref: "lmstudio/b" })];
    const line = describeReceipt(
      receipt({
        attempts,
        served: "lmstudio/b",
        place: "local",
        usage: { inputTokens: 1, outputTokens: 2 },
        duration: 1234,
      }),
      false,
    );
    expect(line.slice(9)).toBe(
      "200 chat stream  Sonnet → lmstudio/b (local)  1.2 s  1+2 tokens  anthropic/a:overloaded ×2",
    );
  });

  it("says that nobody answered, and of which failure", () => {
    const { served: _, ...unserved } = receipt({
      outcome: "failed",
      status: 404,
      requested: "",
      attempts: [],
      failure: { kind: "model_missing", message: "" },
    });
    expect(describeReceipt(unserved, false).slice(9)).toBe("404 chat stream  default → nobody  12 ms  model_missing");
  });

  it("keeps a client from writing to the reader's terminal", () => {
    const nasty = "\u001b[2J\r\n200 all is well";
    const lines = [
      describeReceipt(receipt({ requested: nasty }), false),
      describeRefusal({ id: "1", status: 404, method: "GET", path: nasty, message: nasty }, false),
    ];
    for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
  });

  it("has colours only where they are wanted", () => {
    expect(describeReceipt(receipt(), true)).toContain("\u001b[");
    expect(describeReceipt(receipt(), false)).not.toContain("\u001b[");
  });
});

describe("a count", () => {
  const estimated: Receipt = {
    id: "id2",
    time: 0,
    wire: "messages",
    operation: "count",
    stream: false,
    requested: "Sonnet",
    candidates: [],
    attempts: [],
    status: 200,
    outcome: "ok",
    losses: [],
    warnings: [],
    duration: 1,
  };

  it("is named beside its wire, and an estimate has nobody to name", () => {
    expect(requestFields(estimated)).toMatchObject({ wire: "messages", operation: "count", outcome: "ok" });
    expect(describeReceipt(estimated, false).slice(9)).toBe("200 messages count  Sonnet → an estimate  1 ms");
  });

  it("is told from an embedding, whose wire says it already", () => {
    const embedded = receipt({ wire: "embeddings", operation: "embed", stream: false });
    expect(describeReceipt(embedded, false).slice(9)).toBe("200 embeddings  Sonnet → anthropic/a (us)  12 ms");
    expect(requestFields(receipt())).not.toHaveProperty("operation");
  });
});
