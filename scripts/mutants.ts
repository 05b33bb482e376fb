import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { mutants } from "./mutants/list.ts";

const help = `Breaks the engine in one small way at a time, and sees whether the runs of npm run chaos find it.

  npm run mutants -- [options]

  --runs N      runs a mutant has to survive (default 4000)
  --only TEXT   only those whose name holds this
  --json        print JSON
`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "4000" },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const script = fileURLToPath(new URL("mutants/run-one.ts", import.meta.url));
const run = promisify(execFile);

interface Verdict {
  readonly name: string;
  readonly killed: boolean;
  /** The invariant that it broke, or how its process ended. */
  readonly by: string | undefined;
  readonly runs: number;
}

/** A mutant that hangs is found as surely as one that breaks a rule. */
const patience = 120_000;

async function judge(name: string, runs: string): Promise<Verdict> {
  try {
    const { stdout } = await run(process.execPath, [script, name, runs], { timeout: patience });
    const { made, invariant } = JSON.parse(stdout) as { readonly made: number; readonly invariant?: string };
    return { name, killed: invariant !== undefined, by: invariant, runs: made };
  } catch (error) {
    const { killed, stderr = "" } = error as { readonly killed?: boolean; readonly stderr?: string };
    if (stderr.includes("does not hold once")) throw new Error(stderr.trim(), { cause: error });
    const how = killed === true ? "it hung" : (/^\w*Error: .*$/m.exec(stderr)?.[0] ?? "it crashed");
    return { name, killed: true, by: how, runs: 0 };
  }
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const sound = await judge("none", values.runs);
  if (sound.killed) throw new Error(`the engine itself breaks a rule: ${sound.by}`);
  const verdicts: Verdict[] = [];
  for (const { name } of mutants.filter((mutant) => mutant.name.includes(values.only))) {
    const verdict = await judge(name, values.runs);
    verdicts.push(verdict);
    if (!values.json) {
      const how = verdict.killed ? `killed after ${verdict.runs} runs: ${verdict.by}` : "SURVIVED";
      process.stdout.write(`${name}: ${how}\n`);
    }
  }
  const killed = verdicts.filter((verdict) => verdict.killed).length;
  if (values.json) process.stdout.write(`${JSON.stringify({ killed, of: verdicts.length, verdicts }, null, 2)}\n`);
  else process.stdout.write(`${killed} of ${verdicts.length} mutants killed\n`);
  return killed === verdicts.length ? 0 : 1;
}

process.exitCode = await main();
