import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { measurePairs } from "./pairs.ts";
import { load, type Subject } from "./process.ts";
import { type Contender, contenders, peers, startUpstream } from "./subjects.ts";

const help = `Measures Headgate beside a bare proxy, as ratios in one run.

  npm run bench -- [options]

  --seconds N       length of one measurement (default 5)
  --rounds N        interleaved rounds, of which the median counts (default 3)
  --peers a,b       also measure: ${Object.keys(peers).join(", ")} (installed on demand outside the tree)
  --streams N       concurrent streams that must not lose a frame (default 1000, 0 leaves it out)
  --memory SECONDS  load for this long and compare memory with that after ten seconds (default 60, 0 leaves it out)
  --pairs           instead: CPU a frame of every pair of client's and backend's wire, beside the floor
  --large           instead: CPU a request of 90 KB and 60 tools, translated and passed through
  --json            print JSON
`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    peers: { type: "string", default: "" },
    streams: { type: "string", default: "1000" },
    memory: { type: "string", default: "60" },
    pairs: { type: "boolean", default: false },
    large: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Microseconds, milliseconds and MiB of one contender in one round. */
interface Figures {
  cpuPerRequest: number;
  cpuPerFrame: number;
  p50At1: number;
  p50At32: number;
  addedFirstByte: number;
  rssIdle: number;
  rssLoaded: number;
}

const framesPerStream = 103;
const seconds = Number(values.seconds);
const warmUp = Math.min(3, seconds);

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function measure(contender: Contender, upstream: Subject, directFirstByte: number): Promise<Figures> {
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

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN;

function medians(rounds: readonly Figures[]): Figures {
  const keys = Object.keys(rounds[0] ?? {}) as (keyof Figures)[];
  return Object.fromEntries(keys.map((key) => [key, median(rounds.map((one) => one[key]))])) as unknown as Figures;
}

/** Every stream at once: as many frames must arrive as were sent. */
async function manyStreams(count: number): Promise<string> {
  const contender = contenders[1];
  if (contender === undefined || count === 0) return "left out";
  const { path, model } = contender;
  const upstream = await startUpstream(framesPerStream);
  const subject = await contender.start(upstream.port, true);
  const seen = await load({
    path,
    model,
    port: subject.port,
    seconds: 120,
    concurrency: count,
    stream: true,
    requests: count,
  });
  await Promise.all([subject.stop(), upstream.stop()]);
  const expected = count * framesPerStream;
  return `${seen.requests} of ${count} streams, ${seen.frames} of ${expected} frames, ${seen.bad} errors`;
}

/** Memory after ten seconds of mixed load against memory at its end. */
async function memory(length: number): Promise<string> {
  const contender = contenders[1];
  if (contender === undefined || length === 0) return "left out";
  const { path, model } = contender;
  const upstream = await startUpstream(framesPerStream);
  const subject = await contender.start(upstream.port, true);
  const run = (time: number) =>
    Promise.all(
      [true, false].map((stream) => load({ path, model, port: subject.port, seconds: time, concurrency: 16, stream })),
    );
  await run(10);
  const early = subject.rss();
  await run(length - 10);
  const late = subject.rss();
  await Promise.all([subject.stop(), upstream.stop()]);
  return `${early.toFixed(0)} MiB after 10 s, ${late.toFixed(0)} MiB after ${length} s (${(((late - early) / early) * 100).toFixed(1)} %)`;
}

function table(results: ReadonlyMap<string, Figures>): string {
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

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(help);
  if (values.pairs || values.large) {
    const terms = { seconds, warmUp, rounds: Number(values.rounds), frames: framesPerStream, say };
    const tables = [...(values.pairs ? ["frames" as const] : []), ...(values.large ? ["large" as const] : [])];
    for (const kind of tables) process.stdout.write(`${await measurePairs(kind, terms, values.json)}\n`);
    return;
  }
  const extra = values.peers.split(",").filter((name) => name !== "");
  const unknown = extra.find((name) => !Object.hasOwn(peers, name));
  if (unknown !== undefined) throw new Error(`--peers ${unknown}: known are ${Object.keys(peers).join(", ")}`);
  const all = [...contenders, ...extra.flatMap((name) => peers[name]?.() ?? [])];
  const rounds = new Map<string, Figures[]>(all.map(({ name }) => [name, []]));
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const contender of all) {
      say(`round ${round} of ${values.rounds}: ${contender.name}`);
      const upstream = await startUpstream(framesPerStream);
      const direct = await load({
        port: upstream.port,
        path: "/v1",
        seconds: 1,
        concurrency: 1,
        stream: true,
        model: "m",
      });
      rounds.get(contender.name)?.push(await measure(contender, upstream, direct.ttfb50));
      await upstream.stop();
    }
  }
  const results = new Map([...rounds].map(([name, list]) => [name, medians(list)]));
  say("many streams at once");
  const streams = await manyStreams(Number(values.streams));
  say("memory over time");
  const growth = await memory(Number(values.memory));
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    versions: Object.fromEntries(all.map(({ name, version }) => [name, version])),
    seconds,
    rounds: Number(values.rounds),
  };
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ about, results: Object.fromEntries(results), streams, memory: growth }, null, 2)}\n`,
    );
    return;
  }
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  process.stdout.write(
    `${table(results)}\n\nMedians of ${about.rounds} interleaved rounds of ${seconds} s at concurrency 32, ${framesPerStream} frames a stream; × is against the floor.\n` +
      `Streams at once: ${streams}.\nMemory: ${growth}.\n${about.date}, ${about.machine}, Node ${about.node}; ${versions.join("; ")}.\n`,
  );
}

await main();
