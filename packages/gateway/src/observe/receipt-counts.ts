import { type Config, configuredModels, type Receipt } from "@headgate/core";
import { Count, countersText, Family, histogramText, Times } from "./counted.ts";

/** What is counted of receipts and refusals. */
export interface ReceiptCounts {
  receipt(receipt: Receipt): void;
  refused(status: number): void;
  /** Their part of the page. */
  text(): string;
}

/**
 * Counts in plain fields: whoever counts finds the numbers of a kind of request, and those of a model, by one key each, and
 * the page's text is made when it is asked for.
 */
export function createReceiptCounts(configOf: () => Config): ReceiptCounts {
  const families = createFamilies();
  const kinds = new Map<string, RequestCounts>();
  const modelOf = modelCounts(configOf);
  return {
    receipt(receipt) {
      countRequest(families, kinds, receipt);
      countAttempts(families, modelOf, receipt);
      countServed(families, modelOf, receipt);
    },
    refused: (status) => families.refused.of({ status }).add(1),
    text: () => pageText(families),
  };
}

type Families = ReturnType<typeof createFamilies>;

function createFamilies() {
  const counter = (name: string, help: string) => new Family(name, help, () => new Count());
  const histogram = (name: string, help: string) => new Family(name, help, () => new Times());
  return {
    requests: counter("requests_total", "Requests by their end."),
    durations: histogram("request_duration_seconds", "From request to end of answer."),
    attempts: counter("attempts_total", "Exchanges with backends by their end: ok, or the kind of failure."),
    firstOutputs: histogram("first_output_seconds", "From request to first output of streamed answers."),
    tokens: counter("tokens_total", "Tokens of answered requests."),
    cost: counter("cost_dollars_total", "US dollars, as far as prices are known."),
    refused: counter("refused_total", "Requests that were refused before a model was asked."),
  };
}

const pageText = ({ requests, durations, attempts, firstOutputs, tokens, cost, refused }: Families): string =>
  [
    countersText(requests),
    histogramText(durations),
    countersText(attempts),
    histogramText(firstOutputs),
    countersText(tokens),
    countersText(cost),
    countersText(refused),
  ].join("\n\n");

/** The series that a request of one kind and end counts in. */
interface RequestCounts {
  readonly requests: Count;
  readonly durations: Times;
}

function countRequest(families: Families, kinds: Map<string, RequestCounts>, receipt: Receipt): void {
  const { wire, operation = "generate", outcome, status } = receipt;
  const stream = receipt.stream ? "yes" : "no";
  const failure = receipt.failure?.kind ?? "";
  const key = `${wire} ${operation} ${stream} ${outcome} ${failure} ${status}`;
  let counts = kinds.get(key);
  if (counts === undefined) {
    counts = {
      requests: families.requests.of({ wire, operation, stream, outcome, failure, status }),
      durations: families.durations.of({ wire, stream }),
    };
    kinds.set(key, counts);
  }
  counts.requests.value++;
  counts.durations.observe(receipt.duration / 1000);
}

/** The series of one model, each there once something was counted in it. */
class ModelCounts {
  readonly labels: { readonly provider: string; readonly model: string };
  readonly attempts = new Map<string, Count>();
  firstOutputs: Times | undefined;
  input: Count | undefined;
  output: Count | undefined;
  cached: Count | undefined;
  cost: Count | undefined;

  constructor(provider: string, model: string) {
    this.labels = { provider, model };
  }
}

type ModelOf = (ref: string) => ModelCounts;

function countAttempts(families: Families, modelOf: ModelOf, { attempts, stream, time }: Receipt): void {
  for (const { ref, outcome, startedAt, duration } of attempts) {
    const model = modelOf(ref);
    const { labels } = model;
    let count = model.attempts.get(outcome);
    if (count === undefined) {
      count = families.attempts.of({ ...labels, outcome });
      model.attempts.set(outcome, count);
    }
    count.value++;
    if (!stream || outcome !== "ok") continue;
    model.firstOutputs ??= families.firstOutputs.of(labels);
    model.firstOutputs.observe((startedAt + duration - time) / 1000);
  }
}

function countServed({ cost, tokens }: Families, modelOf: ModelOf, receipt: Receipt): void {
  const { served, usage } = receipt;
  if (served === undefined) return;
  const model = modelOf(served);
  const { labels } = model;
  if (receipt.cost !== undefined) {
    model.cost ??= cost.of(labels);
    model.cost.add(receipt.cost);
  }
  if (usage === undefined) return;
  model.input ??= tokens.of({ ...labels, kind: "input" });
  model.input.add(usage.inputTokens);
  model.output ??= tokens.of({ ...labels, kind: "output" });
  model.output.add(usage.outputTokens);
  if (usage.cachedTokens === undefined) return;
  model.cached ??= tokens.of({ ...labels, kind: "cached" });
  model.cached.add(usage.cachedTokens);
}

/** A client may ask a known provider for any model: those that no config names are one. */
function modelCounts(configOf: () => Config): ModelOf {
  let config: Config | undefined;
  let known = new Map<string, ModelCounts>();
  let others = new Map<string, ModelCounts>();
  const learn = (current: Config): void => {
    config = current;
    known = new Map();
    others = new Map();
    for (const [provider, ids] of configuredModels(current)) {
      for (const model of ids) known.set(`${provider}/${model}`, new ModelCounts(provider, model));
    }
  };
  const otherOf = (provider: string): ModelCounts => {
    const counts = others.get(provider) ?? new ModelCounts(provider, "other");
    others.set(provider, counts);
    return counts;
  };
  return (ref) => {
    const current = configOf();
    if (current !== config) learn(current);
    return known.get(ref) ?? otherOf(ref.slice(0, Math.max(0, ref.indexOf("/"))));
  };
}
