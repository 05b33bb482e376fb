import { load, type Subject } from "./process.ts";
import { type Contender, floorOn, headgate, startUpstream } from "./subjects.ts";
import { median, type Terms } from "./terms.ts";

const paths = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
} as const;
type Wire = keyof typeof paths;
const wires = Object.keys(paths) as Wire[];

/** Each wire's row in `headgate.json5`. */
const rows = { chat: "local", responses: "responses", messages: "messages" } as const;

/** `frames`: streams, counted by the backend's frames. `large`: whole answers to what a coding agent sends. */
export type PairKind = "frames" | "large";

/** A contender on its way from a client's wire to a backend's. */
interface Pair {
  readonly client: Wire;
  readonly upstream: Wire;
  readonly contender: Contender;
}

const pairs: readonly Pair[] = wires.flatMap((upstream) => [
  { client: upstream, upstream, contender: floorOn(paths[upstream]) },
  ...wires.map((client) => ({
    client,
    upstream,
    contender: headgate(`${client} to ${upstream}`, paths[client], rows[upstream]),
  })),
]);

/** Microseconds of CPU that one frame of the backend's stream, or one whole request, costs. */
async function measure({ contender }: Pair, kind: PairKind, terms: Terms, upstream: Subject): Promise<number> {
  const { path, model } = contender;
  const stream = kind === "frames";
  const subject = await contender.start(upstream.port, stream);
  const ask = (seconds: number) =>
    load({ path, model, port: subject.port, seconds, concurrency: 32, stream, large: !stream });
  await ask(terms.warmUp);
  const before = subject.cpu();
  const seen = await ask(terms.seconds);
  const cpu = subject.cpu() - before;
  await subject.stop();
  if (seen.bad > 0) throw new Error(`${contender.name}: ${seen.bad} requests failed`);
  return cpu / (seen.requests * (stream ? terms.frames : 1));
}

/** Measures all nine pairs and the floor of each backend's wire, in interleaved rounds; answers with a table, or JSON. */
export async function measurePairs(kind: PairKind, terms: Terms, json: boolean): Promise<string> {
  const found = new Map<Pair, number[]>(pairs.map((pair) => [pair, []]));
  for (let round = 1; round <= terms.rounds; round++) {
    for (const pair of pairs) {
      terms.say(`round ${round} of ${terms.rounds}: ${kind}, ${pair.contender.name} (${pair.upstream})`);
      const upstream = await startUpstream(terms.frames);
      found.get(pair)?.push(await measure(pair, kind, terms, upstream));
      await upstream.stop();
    }
  }
  const results = new Map([...found].map(([pair, list]) => [pair, median(list)]));
  if (json) return JSON.stringify(toRows(results), null, 2);
  return kind === "frames" ? frameTable(results, terms) : largeTable(results, terms);
}

type Results = ReadonlyMap<Pair, number>;

const toRows = (results: Results) =>
  [...results].map(([{ contender, client, upstream }, cpu]) => ({ name: contender.name, client, upstream, cpu }));

function cpuOf(results: Results, name: string, upstream: Wire): number {
  const found = [...results].find(([pair]) => pair.contender.name === name && pair.upstream === upstream);
  return found?.[1] ?? Number.NaN;
}

const ratio = (value: number, of: number): string => `${value.toFixed(1)} (${(value / of).toFixed(2)} ×)`;

function frameTable(results: Results, terms: Terms): string {
  const lines = wires.map((upstream) => {
    const floor = cpuOf(results, "floor", upstream);
    const cells = wires.map((client) => ratio(cpuOf(results, `${client} to ${upstream}`, upstream), floor));
    return `| ${upstream} | ${floor.toFixed(1)} | ${cells.join(" | ")} |`;
  });
  return [
    `CPU a frame of the backend's stream, µs (× against the floor), ${terms.frames} frames a stream, at concurrency 32:`,
    "",
    `| backend speaks | floor | ${wires.map((client) => `client speaks ${client}`).join(" | ")} |`,
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

function largeTable(results: Results, terms: Terms): string {
  const lines = wires.map((client) => {
    const passed = cpuOf(results, `${client} to ${client}`, client);
    const floor = cpuOf(results, "floor", client);
    const cells = wires.map((upstream) => ratio(cpuOf(results, `${client} to ${upstream}`, upstream), passed));
    return `| ${client} | ${floor.toFixed(1)} | ${cells.join(" | ")} |`;
  });
  return [
    `CPU a whole request of 90 KB and 60 tools, µs (× against the same passed through), ${terms.seconds} s each:`,
    "",
    `| client speaks | floor | ${wires.map((upstream) => `backend speaks ${upstream}`).join(" | ")} |`,
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}
