import { load, type Subject } from "./process.ts";
import { type Contender, startUpstream } from "./subjects.ts";
import { median, type Terms } from "./terms.ts";

/** Microseconds, milliseconds and MiB of one contender in one round. */
export interface Figures {
  cpuPerRequest: number;
  cpuPerFrame: number;
  p50At1: number;
  p50At32: number;
  addedFirstByte: number;
  rssIdle: number;
  rssLoaded: number;
}

async function measure(
  contender: Contender,
  upstream: Subject,
  directFirstByte: number,
  { seconds, warmUp, say }: Terms,
): Promise<Figures> {
  const { path, model } = contender;
  const headers = contender.headers?.(upstream.port) ?? {};
  const ask = (subject: Subject, stream: boolean, concurrency: number, length: number) =>
    load({ path, model, headers, port: subject.port, seconds: length, concurrency, stream });
  const whole = await contender.start(upstream.port, false);
  const rssIdle = whole.rss();
  await ask(whole, false, 32, warmUp);
  const before = whole.cpu();
  const busy = await ask(whole, false, 32, seconds);
  const cpuPerRequest = (whole.cpu() - before) / busy.requests;
  const rssLoaded = whole.rss();
  const single = await ask(whole, false, 1, Math.min(2, seconds));
  await whole.stop();
  const streaming = await contender.start(upstream.port, true);
  await ask(streaming, true, 32, warmUp);
  const beforeStreams = streaming.cpu();
  const streams = await ask(streaming, true, 32, seconds);
  // A peer may fail here altogether; then there is no figure, and the table says so.
  const cpuPerFrame = streams.bad > 0 ? Number.NaN : (streaming.cpu() - beforeStreams) / streams.frames;
  const firstByte = await ask(streaming, true, 1, Math.min(2, seconds));
  await streaming.stop();
  if (busy.bad + single.bad > 0) throw new Error(`${contender.name}: some requests failed`);
  if (streams.bad > 0) say(`${contender.name}: ${streams.bad} streams failed`);
  return {
    cpuPerRequest,
    cpuPerFrame,
    p50At1: single.p50,
    p50At32: busy.p50,
    addedFirstByte: streams.bad > 0 ? Number.NaN : firstByte.ttfb50 - directFirstByte,
    rssIdle,
    rssLoaded,
  };
}

function medians(rounds: readonly Figures[]): Figures {
  const keys = Object.keys(rounds[0] ?? {}) as (keyof Figures)[];
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((one) => one[key]))])) as unknown as Figures;
}

/** Measures all of them in interleaved rounds; the figures go by the names. */
export async function measureProxies(
  contenders: readonly Contender[],
  terms: Terms,
): Promise<ReadonlyMap<string, Figures>> {
  const rounds = new Map<string, Figures[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 1; round <= terms.rounds; round++) {
    for (const contender of contenders) {
      terms.say(`round ${round} of ${terms.rounds}: ${contender.name}`);
      const upstream = await startUpstream(terms.frames);
      const direct = await load({
        port: upstream.port,
        path: "/v1",
        seconds: 1,
        concurrency: 1,
        stream: true,
        model: "m",
      });
      rounds.get(contender.name)?.push(await measure(contender, upstream, direct.ttfb50, terms));
      await upstream.stop();
    }
  }
  return new Map([...rounds].map(([name, list]) => [name, medians(list)]));
}

export function proxyTable(results: ReadonlyMap<string, Figures>): string {
  const base = results.get("floor");
  const fixed = (value: number, digits: number): string => (Number.isNaN(value) ? "fails" : value.toFixed(digits));
  const ratio = (value: number, of: number | undefined): string =>
    Number.isNaN(value) ? "fails" : `${value.toFixed(1)} (${(value / (of ?? 1)).toFixed(2)} ×)`;
  const rows = [...results].map(([name, one]) =>
    [
      name,
      ratio(one.cpuPerRequest, base?.cpuPerRequest),
      ratio(one.cpuPerFrame, base?.cpuPerFrame),
      one.p50At1.toFixed(2),
      one.p50At32.toFixed(2),
      fixed(one.addedFirstByte, 2),
      one.rssIdle.toFixed(0),
      one.rssLoaded.toFixed(0),
    ].join(" | "),
  );
  return [
    "| | CPU a request, µs | CPU a frame, µs | p50 at 1, ms | p50 at 32, ms | added to first byte, ms | RSS idle, MiB | RSS loaded, MiB |",
    "|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
