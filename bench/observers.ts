import { load, type Subject } from "./process.ts";
import { type Contender, headgate, startUpstream } from "./subjects.ts";
import { median, type Terms } from "./terms.ts";

/** What it costs to keep receipts and to count for Prometheus. */
export interface Observers {
  /** Microseconds of CPU a request. */
  readonly cpuWithout: number;
  readonly cpuWith: number;
  /** Parts of a hundred that they add. */
  readonly added: number;
}

const path = "/v1/chat/completions";
const on = headgate("receipts and metrics on", path);
const off = headgate("receipts and metrics off", path, "local", ["gateway.receipts=false", "gateway.metrics=false"]);

async function measure({ start, model }: Contender, { seconds, warmUp }: Terms, upstream: Subject): Promise<number> {
  const subject = await start(upstream.port, false);
  const ask = (length: number) =>
    load({ path, model, port: subject.port, seconds: length, concurrency: 32, stream: false });
  await ask(warmUp);
  const before = subject.cpu();
  const seen = await ask(seconds);
  const cpu = subject.cpu() - before;
  await subject.stop();
  if (seen.bad > 0) throw new Error(`observers: ${seen.bad} requests failed`);
  return cpu / seen.requests;
}

/** Measures the defaults beside the same without receipts and metrics, in interleaved rounds. */
export async function measureObservers(terms: Terms): Promise<Observers> {
  const upstream = await startUpstream(terms.frames);
  const found = new Map<Contender, number[]>([
    [off, []],
    [on, []],
  ]);
  for (let round = 1; round <= terms.rounds; round++) {
    for (const [contender, list] of found) {
      terms.say(`round ${round} of ${terms.rounds}: ${contender.name}`);
      list.push(await measure(contender, terms, upstream));
    }
  }
  await upstream.stop();
  const [cpuWithout = Number.NaN, cpuWith = Number.NaN] = [off, on].map((one) => median(found.get(one) ?? []));
  return { cpuWithout, cpuWith, added: (cpuWith / cpuWithout - 1) * 100 };
}

export const observersText = ({ cpuWithout, cpuWith, added }: Observers): string =>
  `${cpuWithout.toFixed(1)} µs a request without, ${cpuWith.toFixed(1)} with (${added < 0 ? "" : "+"}${added.toFixed(1)} %)`;
