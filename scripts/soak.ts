import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startSimulator } from "@headgate/simulator";
import { GatewayProcess, type Sample } from "./soak/gateway.ts";
import { type Acknowledged, lost, store } from "./soak/kept.ts";
import { newTally, runClient } from "./soak/load.ts";
import { judge } from "./soak/verdict.ts";

const help = `Runs a gateway under mixed load with faults, and looks at what it holds.

  npm run soak -- [options]

  --minutes N   how long (default 30); in the middle the gateway is killed (kill -9) and started again
  --clients N   how many ask at a time (default 16)
  --json        print JSON

Prints memory and handles over time, their slope in the second half of each life, and whether anything that was acknowledged
was lost by the kill. Exit code 1 when something grows or was lost. Needs Linux (/proc).
`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    clients: { type: "string", default: "16" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** One life of the gateway: load until the time is over, samples all along. */
async function live(gateway: GatewayProcess, seconds: number, clients: readonly Client[]): Promise<readonly Sample[]> {
  const stop = new AbortController();
  const running = clients.map((client) => client(gateway.url, stop.signal));
  const samples: Sample[] = [];
  const every = Math.max(1, seconds / 120);
  for (let at = 0; at < seconds; at += every) {
    await sleep(every * 1000);
    const sample = gateway.sample(at + every);
    samples.push(sample);
    if (samples.length % 12 === 0) {
      say(`${sample.at.toFixed(0)} s: ${sample.rss.toFixed(0)} MiB, ${sample.handles} handles`);
    }
  }
  stop.abort();
  await Promise.all(running);
  return samples;
}

type Client = (url: string, stop: AbortSignal) => Promise<void>;

async function soak(minutes: number, count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "headgate-soak-"));
  await using hosted = await startSimulator({ kind: "anthropic", key: "sk-ant-soak", remember: 10 });
  await using local = await startSimulator({ kind: "lmstudio", remember: 10 });
  writeFileSync(join(folder, "headgate.json5"), configOf(hosted.baseUrl, local.baseUrl));
  const tally = newTally();
  const clients = Array.from(
    { length: count },
    () => (url: string, stop: AbortSignal) => runClient(url, hosted, tally, stop),
  );
  const start = (): Promise<GatewayProcess> => GatewayProcess.start(folder, { ANTHROPIC_API_KEY: "sk-ant-soak" });
  try {
    const half = (minutes * 60) / 2;
    let gateway = await start();
    const first = await live(gateway, half, clients);
    const kept = await store(gateway.url);
    await gateway.kill("SIGKILL");
    gateway = await start();
    const gone = await lost(gateway.url, kept);
    const second = await live(gateway, half, clients);
    await gateway.kill("SIGTERM");
    return report([first, second], kept, gone, tally);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const configOf = (hosted: string, local: string): string =>
  JSON.stringify({
    agents: { defaults: { model: { primary: "anthropic/claude-sonnet-4-5", fallbacks: ["lmstudio/qwen3-8b"] } } },
    models: { providers: { anthropic: { baseUrl: hosted }, lmstudio: { baseUrl: local } } },
  });

function report(
  lives: readonly (readonly Sample[])[],
  kept: Acknowledged,
  gone: readonly string[],
  tally: ReturnType<typeof newTally>,
): number {
  const verdicts = lives.map(judge);
  const bad = verdicts.some(({ grows }) => grows) || gone.length > 0;
  const statuses = Object.fromEntries([...tally.statuses].sort(([one], [other]) => one - other));
  const acknowledged = { responses: kept.responses.length, receipts: kept.receipts.length };
  if (values.json) {
    const figures = { requests: tally.requests, left: tally.left.count, statuses, lives, verdicts, acknowledged, gone };
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    return bad ? 1 : 0;
  }
  const lines = verdicts.map(({ rssSlope, rssGrowth, handleSlope, grows }, index) => {
    const { rss, handles } = lives[index]?.at(-1) ?? { rss: 0, handles: 0 };
    return (
      `life ${index + 1}: ${rss.toFixed(0)} MiB, ${handles} handles at its end; ${rssSlope.toFixed(1)} MiB an hour ` +
      `(${(rssGrowth * 100).toFixed(1)} % over its second half), ${handleSlope.toFixed(1)} handles an hour: ` +
      `${grows ? "GROWS" : "no growth"}`
    );
  });
  process.stdout.write(
    `${tally.requests} requests, ${tally.left.count} of them given up by their client; by status: ${JSON.stringify(statuses)}\n` +
      `${lines.join("\n")}\n` +
      `kill -9: of ${acknowledged.responses} responses and ${acknowledged.receipts} receipts that were acknowledged, ` +
      `${gone.length} were lost${gone.length === 0 ? "" : `: ${gone.slice(0, 5).join(", ")}`}\n`,
  );
  return bad ? 1 : 0;
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [minutes, clients] = [Number(values.minutes), Number(values.clients)];
  if (!(minutes > 0) || !(clients >= 1)) throw new Error("--minutes and --clients are numbers above 0");
  return soak(minutes, clients);
}

process.exitCode = await main();
