import { type Config, parseConfig, type Receipt } from "@headgate/core";
import { Counter, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createReceiptCounts } from "./receipt-counts.ts";

const configOf = (...models: readonly string[]): Config =>
  parseConfig(
    {
      models: {
        providers: {
          lmstudio: { kind: "openai", baseUrl: "http://127.0.0.1:1/v1", models: models.map((id) => ({ id })) },
        },
      },
    },
    {},
  ).config;

const time = 1_700_000_000_000;

const receiptOf = (parts: Partial<Receipt>): Receipt => ({
  id: "0123456789ab000001",
  time,
  wire: "chat",
  stream: false,
  requested: "default",
  candidates: [],
  attempts: [],
  status: 200,
  outcome: "ok",
  losses: [],
  warnings: [],
  duration: 5,
  ...parts,
});

type Outcome = Receipt["attempts"][number]["outcome"];

const attemptOf = (ref: string, outcome: Outcome, duration: number): Receipt["attempts"][number] => ({
  ref,
  wire: "chat",
  place: "local",
  startedAt: time + 3,
  outcome,
  duration,
});

const small = "lmstudio/small";
const quoted = 'lmstudio/a "quoted" \\ model';
const config = configOf("small", 'a "quoted" \\ model');

/** Each says something that none before it does. */
const receipts: readonly Receipt[] = [
  receiptOf({ duration: 50 }),
  receiptOf({ duration: 50.1, operation: "embed" }),
  receiptOf({ duration: 300_000.5, wire: "messages", outcome: "aborted", status: 499 }),
  receiptOf({
    stream: true,
    attempts: [attemptOf(small, "timeout", 2000), attemptOf(quoted, "ok", 97)],
    served: quoted,
    usage: { inputTokens: 7, outputTokens: 11 },
  }),
  receiptOf({
    stream: true,
    attempts: [attemptOf(small, "ok", 0.1), attemptOf("lmstudio/nobody-knows", "ok", 4)],
    served: small,
    usage: { inputTokens: 7, outputTokens: 0, cachedTokens: 5 },
    cost: 0.1,
  }),
  receiptOf({ served: small, cost: 0.2, usage: { inputTokens: 1, outputTokens: 2, cachedTokens: 0 } }),
  receiptOf({ attempts: [attemptOf(quoted, "ok", 1)], served: quoted, cost: 0 }),
  receiptOf({ outcome: "failed", status: 503, failure: { kind: "overloaded", message: "full" } }),
];

/** The same, counted by the Prometheus client itself. */
function createReference() {
  const registry = new Registry();
  const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
  const about = (name: string, help: string, labelNames: readonly string[]) => {
    return { name: `headgate_${name}`, help, labelNames, registers: [registry] };
  };
  const counter = (...parts: Parameters<typeof about>) => new Counter(about(...parts));
  const histogram = (...parts: Parameters<typeof about>) => new Histogram({ ...about(...parts), buckets });
  const ends = ["wire", "operation", "stream", "outcome", "failure", "status"];
  const model = ["provider", "model"];
  const requests = counter("requests_total", "Requests by their end.", ends);
  const durations = histogram("request_duration_seconds", "From request to end of answer.", ["wire", "stream"]);
  const attempts = counter("attempts_total", "Exchanges with backends by their end: ok, or the kind of failure.", [
    ...model,
    "outcome",
  ]);
  const outputs = histogram("first_output_seconds", "From request to first output of streamed answers.", model);
  const tokens = counter("tokens_total", "Tokens of answered requests.", [...model, "kind"]);
  const cost = counter("cost_dollars_total", "US dollars, as far as prices are known.", model);
  const refused = counter("refused_total", "Requests that were refused before a model was asked.", ["status"]);
  const nameOf = (ref: string) => ({
    provider: "lmstudio",
    model: ref === small || ref === quoted ? ref.slice("lmstudio/".length) : "other",
  });
  return {
    receipt({ wire, operation = "generate", outcome, failure, status, ...rest }: Receipt): void {
      const stream = rest.stream ? "yes" : "no";
      requests.inc({ wire, operation, stream, outcome, failure: failure?.kind ?? "", status });
      durations.observe({ wire, stream }, rest.duration / 1000);
      for (const one of rest.attempts) {
        attempts.inc({ ...nameOf(one.ref), outcome: one.outcome });
        const seconds = (one.startedAt + one.duration - time) / 1000;
        if (rest.stream && one.outcome === "ok") outputs.observe(nameOf(one.ref), seconds);
      }
      const name = nameOf(rest.served ?? "");
      if (rest.cost !== undefined) cost.inc(name, rest.cost);
      const { inputTokens: input, outputTokens: output, cachedTokens: cached } = rest.usage ?? {};
      for (const [kind, value] of Object.entries({ input, output, cached })) {
        if (value !== undefined) tokens.inc({ ...name, kind }, value);
      }
    },
    refused: (status: number) => refused.inc({ status }),
    text: () => registry.metrics(),
  };
}

describe("counts of receipts", () => {
  it.each([0, 1, 100])("make the page that the Prometheus client makes, each told of %i times", async (times) => {
    const reference = createReference();
    const counts = createReceiptCounts(() => config);
    for (const counter of [reference, counts]) {
      for (let round = 0; round < times; round++) for (const receipt of receipts) counter.receipt(receipt);
      for (const status of times === 0 ? [] : [404, 401, 404]) counter.refused(status);
    }
    expect(`${counts.text()}\n`).toBe(await reference.text());
  });

  it("go on where the config is another one, and show no series twice", () => {
    let current = config;
    const counts = createReceiptCounts(() => current);
    const countAll = () => {
      for (const id of ["small", "other", "nobody-knows"]) {
        counts.receipt(receiptOf({ attempts: [attemptOf(`lmstudio/${id}`, "ok", 1)] }));
      }
    };
    countAll();
    current = configOf("small", "other");
    countAll();
    const shown = counts.text().match(/^headgate_attempts_total\{.*$/gm);
    const line = (model: string, count: number) =>
      `headgate_attempts_total{provider="lmstudio",model="${model}",outcome="ok"} ${count}`;
    expect(shown).toEqual([line("small", 2), line("other", 4)]);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("never add %d, which is no amount", (amount) => {
    const counts = createReceiptCounts(() => config);
    for (const cost of [0.5, amount]) {
      counts.receipt(receiptOf({ served: small, cost, usage: { inputTokens: amount, outputTokens: 1 } }));
    }
    const text = counts.text();
    expect(text).toContain('headgate_cost_dollars_total{provider="lmstudio",model="small"} 0.5\n');
    expect(text).toContain('headgate_tokens_total{provider="lmstudio",model="small",kind="input"} 0\n');
    expect(text).toContain('headgate_tokens_total{provider="lmstudio",model="small",kind="output"} 2\n');
  });
});
