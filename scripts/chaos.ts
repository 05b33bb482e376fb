import { parseArgs } from "node:util";
import { runChaos } from "../tests/chaos/chaos.ts";
import type { Coverage } from "../tests/chaos/coverage.ts";

const help = `Plays whole runs of the engine on virtual time, with clients that leave, backends that fail in every way, routes that hedge, queues and
reloads of the config, and checks the invariants of docs/invariants.md after each.

  npm run chaos -- [options]

  --runs N   how many (default 100000)
  --seed S   the first one's seed; each run has the next (default 1)
  --json     print JSON
`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const runs = wholeNumber("runs", values.runs);
  const started = performance.now();
  const result = await runChaos({
    runs,
    seed: wholeNumber("seed", values.seed),
    onProgress: (done) => {
      if (process.stderr.isTTY || done % 50_000 === 0) process.stderr.write(`\r${done} of ${runs} runs`);
    },
  });
  process.stderr.write("\n");
  const perSecond = Math.round((result.runs / (performance.now() - started)) * 1000);
  const { coverage, broken, requests, attempts } = result;
  const [failures, situations] = [told(coverage.failures), told(coverage.situations)];
  if (values.json) {
    const figures = { runs: result.runs, requests, attempts, perSecond, coverage: { failures, situations }, broken };
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  } else {
    process.stdout.write(
      `${result.runs} runs, ${requests} requests, ${attempts} attempts, ${perSecond} runs a second\n` +
        `${textOf("(failure, phase, wire, mode)", failures)}${textOf("situations", situations)}`,
    );
    if (broken === undefined) process.stdout.write("Every invariant held.\n");
    else {
      process.stdout.write(`Broken: ${broken.invariant}\nSeed ${broken.seed}: ${broken.what}\n`);
      process.stdout.write(`${JSON.stringify(broken.scenario, null, 2)}\n`);
    }
  }
  return broken === undefined ? 0 : 1;
}

const told = ({ seen, total, rarest }: Coverage["failures"]) => ({ seen, total, rarest });

const textOf = (what: string, { seen, total, rarest }: ReturnType<typeof told>): string =>
  `${seen} of ${total} ${what} seen; least often: ${rarest.name}, ${rarest.count} times\n`;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} ${text}: not a whole number`);
  return value;
}

process.exitCode = await main();
