import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { failoverText, measureFailover } from "./failover.ts";
import { measureObservers, observersText } from "./observers.ts";
import { measurePairs } from "./pairs.ts";
import { load } from "./process.ts";
import { measureProxies, proxyTable } from "./proxies.ts";
import { contenders, peers, startUpstream } from "./subjects.ts";
import type { Terms } from "./terms.ts";

const parts = ["proxies", "streams", "memory", "failover", "observers"] as const;
type Part = (typeof parts)[number];

const help = `Measures Headgate beside a bare proxy, as ratios in one run.

  npm run bench -- [options]

  --seconds N       length of one measurement (default 5)
  --rounds N        interleaved rounds, of which the median counts (default 3)
  --peers a,b       also measure: ${Object.keys(peers).join(", ")} (installed on demand outside the tree)
  --streams N       concurrent streams that must not lose a frame (default 1000, 0 leaves it out)
  --memory SECONDS  load for this long and compare memory with that after ten seconds (default 60, 0 leaves it out)
  --only a,b        these parts alone: ${parts.join(", ")} (failover: what a primary that refuses adds;
                    observers: what receipts and metrics add)
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
    only: { type: "string", default: parts.join(",") },
    pairs: { type: "boolean", default: false },
    large: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const seconds = Number(values.seconds);
const terms: Terms = {
  ...{ seconds, warmUp: Math.min(3, seconds), rounds: Number(values.rounds), frames: 103 },
  say: (text) => void process.stderr.write(`${text}\n`),
};

/** Every stream at once: as many frames must arrive as were sent. */
async function manyStreams(count: number): Promise<string> {
  const contender = contenders[1];
  if (contender === undefined || count === 0) return "left out";
  const { path, model } = contender;
  const upstream = await startUpstream(terms.frames);
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
  const expected = count * terms.frames;
  return `${seen.requests} of ${count} streams, ${seen.frames} of ${expected} frames, ${seen.bad} errors`;
}

/** Memory after ten seconds of mixed load against memory at its end. */
async function memory(length: number): Promise<string> {
  const contender = contenders[1];
  if (contender === undefined || length === 0) return "left out";
  const { path, model } = contender;
  const upstream = await startUpstream(terms.frames);
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

/** What a list of an option names, each of which must be known. */
function named<Name extends string>(option: "only" | "peers", known: readonly Name[]): readonly Name[] {
  const asked = values[option].split(",").filter((name) => name !== "");
  const unknown = asked.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`--${option} ${unknown}: known are ${known.join(", ")}`);
  return known.filter((name) => asked.includes(name));
}

/** Does one part, where it is wanted. */
async function part<Result>(
  wanted: readonly Part[],
  name: Part,
  measure: () => Promise<Result>,
): Promise<Result | undefined> {
  if (!wanted.includes(name)) return undefined;
  terms.say(name);
  return await measure();
}

async function measureAll(): Promise<string> {
  const wanted = named("only", parts);
  const all = [...contenders, ...named("peers", Object.keys(peers)).flatMap((name) => peers[name]?.() ?? [])];
  const results = await part(wanted, "proxies", () => measureProxies(all, terms));
  const streams = await part(wanted, "streams", () => manyStreams(Number(values.streams)));
  const growth = await part(wanted, "memory", () => memory(Number(values.memory)));
  const failover = await part(wanted, "failover", () => measureFailover(terms));
  const observers = await part(wanted, "observers", () => measureObservers(terms));
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    versions: Object.fromEntries(all.map(({ name, version }) => [name, version])),
    seconds,
    rounds: terms.rounds,
  };
  if (values.json) {
    const tables = results && Object.fromEntries(results);
    return JSON.stringify({ about, results: tables, streams, memory: growth, failover, observers }, null, 2);
  }
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  return [
    ...(results === undefined ? [] : [proxyTable(results), ""]),
    `Medians of ${about.rounds} interleaved rounds of ${seconds} s at concurrency 32, ${terms.frames} frames a stream; × is against the floor.`,
    ...(streams === undefined ? [] : [`Streams at once: ${streams}.`]),
    ...(growth === undefined ? [] : [`Memory: ${growth}.`]),
    ...(failover === undefined ? [] : [`Failover: ${failoverText(failover)}.`]),
    ...(observers === undefined ? [] : [`Receipts and metrics: ${observersText(observers)}.`]),
    `${about.date}, ${about.machine}, Node ${about.node}; ${versions.join("; ")}.`,
  ].join("\n");
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(help);
  if (values.pairs || values.large) {
    const tables = [...(values.pairs ? ["frames" as const] : []), ...(values.large ? ["large" as const] : [])];
    for (const kind of tables) process.stdout.write(`${await measurePairs(kind, terms, values.json)}\n`);
    return;
  }
  process.stdout.write(`${await measureAll()}\n`);
}

await main();
