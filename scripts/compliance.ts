import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readConfig, startGateway } from "@headgate/gateway";
import { type Answer, type RecordedRequest, type SimulatorKind, startSimulator } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";

const help = `Runs the Open Responses compliance suite against Headgate, over a backend of each wire.

  node scripts/compliance.ts SUITE_FOLDER [options]

  SUITE_FOLDER   a copy of the suite (github.com/openresponses/openresponses) with bin/, src/lib/ and
                 src/generated/kubb/zod/, and its packages: npm install zod@3 tsx in that folder
  --wire WIRE    the backend's: chat, responses or messages; may be given again (default: each of them)
  --json         print JSON

Needs npm run build, and Node 24 for the suite's WebSockets. Exits with 1 unless every test passes.
`;

/** Who answers on each wire: a simulated server that knows nothing of the Responses API, or that is its own maker. */
const backends: Readonly<Record<TextWire, { readonly kind: SimulatorKind; readonly model: string }>> = {
  chat: { kind: "openai-compatible", model: "my-local-model" },
  responses: { kind: "openai", model: "gpt-4.1" },
  messages: { kind: "anthropic", model: "claude-sonnet-4-5" },
};

/** One test of the suite, in its own words. */
interface Outcome {
  readonly id: string;
  readonly status: "passed" | "failed" | "skipped";
}

interface TestResult extends Outcome {
  readonly errors: readonly string[];
}

interface WireResult {
  readonly wire: TextWire;
  readonly results: readonly TestResult[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wire: { type: "string", multiple: true, default: [...textWires] },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** A model that calls the tool it is offered, and else says something. */
function answer({ body }: RecordedRequest): Answer {
  const { tools } = body as { tools?: readonly { name?: string; function?: { name: string } }[] };
  const name = tools?.[0]?.function?.name ?? tools?.[0]?.name;
  if (name === undefined) return { text: "That is what the simulator says." };
  return { toolCalls: [{ name, arguments: { location: "San Francisco, CA" } }] };
}

async function runOver(wire: TextWire, suite: string): Promise<WireResult> {
  const { kind, model } = backends[wire];
  const simulator = await startSimulator({ kind });
  simulator.answer(answer);
  const stateDir = await mkdtemp(join(tmpdir(), "headgate-compliance-"));
  const settings = {
    "gateway.port": 0,
    "gateway.logLevel": "silent",
    "gateway.keys": ["sk-compliance"],
    "gateway.stateDir": stateDir,
    "agents.defaults.model": `${kind}/${model}`,
    [`models.providers.${kind}`]: { baseUrl: simulator.baseUrl, apiKey: "sk-simulated", wires: [wire] },
  };
  const sets = Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  const gateway = await startGateway({ read: readConfig({ sets, environment: {} }), from: import.meta.url });
  try {
    return { wire, results: await runSuite(suite, `${gateway.url}/v1`) };
  } finally {
    await gateway.close({ graceMs: 1000 });
    await simulator.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}

/** The suite's own command, in its own folder. It exits with 1 when a test fails, and prints its results all the same. */
function runSuite(suite: string, url: string): Promise<readonly TestResult[]> {
  const command = ["--import", "tsx", join("bin", "compliance-test.ts")];
  const options = ["--base-url", url, "--api-key", "sk-compliance", "--model", "default", "--json"];
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [...command, ...options],
      { cwd: suite, maxBuffer: 256 * 1024 * 1024 },
      (_, stdout, stderr) => {
        try {
          const { results } = JSON.parse(stdout) as { results: readonly TestResult[] };
          done(results.map(({ id, status, errors }) => ({ id, status, errors })));
        } catch {
          fail(new Error(`the suite does not run; see --help for the packages that it needs\n${stderr}`));
        }
      },
    );
  });
}

const isPassed = ({ status }: TestResult): boolean => status === "passed";

function table(runs: readonly WireResult[]): string {
  const ids = [...new Set(runs.flatMap(({ results }) => results.map(({ id }) => id)))].sort();
  const width = Math.max(...ids.map((id) => id.length));
  const cell = (id: string, { results }: WireResult): string =>
    (results.find((one) => one.id === id)?.status ?? "missing").padEnd(10);
  const head = [" ".repeat(width), ...runs.map(({ wire }) => wire.padEnd(10))];
  const rows = ids.map((id) => [id.padEnd(width), ...runs.map((run) => cell(id, run))]);
  return [head, ...rows].map((row) => row.join("  ").trimEnd()).join("\n");
}

/** What went wrong, test by test. */
function faults(runs: readonly WireResult[]): string {
  const failed = runs.flatMap(({ wire, results }) =>
    results.filter((one) => !isPassed(one)).map(({ id, errors }) => [`${wire}: ${id}`, ...errors].join("\n  ")),
  );
  return failed.length === 0 ? "" : `\n${failed.join("\n")}\n`;
}

/** What the command line asks for, or what is wrong with it. */
function suiteAsked(): { readonly suite: string } | { readonly fault: string } {
  const unknown = values.wire.find((wire) => !textWires.includes(wire as TextWire));
  if (unknown !== undefined) return { fault: `--wire ${unknown}: known are ${textWires.join(", ")}` };
  const suite = resolve(positionals[0] ?? "");
  return existsSync(join(suite, "bin", "compliance-test.ts")) ? { suite } : { fault: `the suite is not in ${suite}` };
}

async function main(): Promise<boolean> {
  if (values.help || positionals.length === 0) {
    process.stdout.write(help);
    return values.help;
  }
  const asked = suiteAsked();
  if ("fault" in asked) {
    process.stderr.write(`${asked.fault}\n`);
    return false;
  }
  const runs: WireResult[] = [];
  for (const wire of values.wire) runs.push(await runOver(wire as TextWire, asked.suite));
  const all = runs.flatMap(({ results }) => results);
  const passed = all.filter(isPassed).length;
  if (values.json) process.stdout.write(`${JSON.stringify({ passed, total: all.length, runs }, null, 2)}\n`);
  else process.stdout.write(`${table(runs)}\n${faults(runs)}\n${passed} of ${all.length}\n`);
  return all.length > 0 && passed === all.length;
}

if (!(await main())) process.exitCode = 1;
