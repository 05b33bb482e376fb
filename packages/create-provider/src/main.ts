import { existsSync, readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readNames } from "./names.ts";
import { writePlugin } from "./write.ts";

/** What the program may know of the world, and how it speaks. */
export interface Surroundings {
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const exitCodes = { done: 0, usage: 2 } as const;

const help = `Usage: npm create @headgate/provider <id> [folder] -- [options]

Makes a provider plugin for Headgate in a folder of its own: it builds, passes the conformance kit, and is ready to publish
as headgate-provider-<id>.

  --repository <owner/name>  where it will be on GitHub; publishing with provenance needs it
  -h, --help                 print this help

Example:
  npm create @headgate/provider my-backend -- --repository me/headgate-provider-my-backend`;

const ofProcess = (): Surroundings => ({
  folder: process.cwd(),
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
});

/** Runs a command line, without the names of Node and the program; the result is the exit code. */
export function main(argv: readonly string[], surroundings: Surroundings = ofProcess()): number {
  const { out, err } = surroundings;
  try {
    out(create(argv, surroundings.folder));
    return exitCodes.done;
  } catch (error) {
    err(error instanceof Error ? error.message : String(error));
    return exitCodes.usage;
  }
}

const options = { repository: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** Makes the plugin; the result is what to tell. Throws in words for the user. */
function create(argv: readonly string[], here: string): string {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  if (values.help) return help;
  const [id, target, ...rest] = positionals;
  if (id === undefined || rest.length > 0)
    throw new Error(`name one provider: npm create @headgate/provider my-backend`);
  const names = readNames(id);
  if (names === undefined)
    throw new Error(`${id} is no provider's id: small letters, digits and single dashes, as in my-backend`);
  const { repository } = values;
  if (repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new Error(`${repository} is no repository: write it as owner/name`);
  }
  const folder = resolve(here, target ?? names.package);
  const path = relative(here, folder) || ".";
  if (existsSync(folder) && readdirSync(folder).some((file) => file !== ".git")) {
    throw new Error(`${path} is not empty: name another folder after the id`);
  }
  const files = writePlugin(folder, names, repository);
  return [`${names.package} is in ${path}:`, ...files.map((file) => `  ${file}`), "", ...nextSteps(path)].join("\n");
}

const nextSteps = (path: string): readonly string[] => [
  "Next:",
  ...(path === "." ? [] : [`  cd ${path}`]),
  "  npm install",
  "  npm test",
  "Then write down in src/plugin.ts where your backend is and how it fails, and in test/backend.ts what you have seen of it.",
];
