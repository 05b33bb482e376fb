import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { formatProblem } from "@headgate/core";
import { assemble } from "../../assemble.ts";
import { readConfig } from "../../config-file.ts";
import { CommandFailure, exitCodes } from "../exit.ts";
import type { CommandContext } from "../load.ts";

/** How far `init` may go without asking. */
export interface Consent {
  /** Write. */
  readonly yes?: true;
  /** Write over what is there. */
  readonly force?: true;
}

/** @throws CommandFailure where it is certain already that nothing could be written. */
export function refuseEarly(file: string, { yes, force }: Consent, { terminal }: CommandContext): void {
  if (terminal.ask !== undefined) return;
  if (yes !== true && force !== true) {
    throw new CommandFailure(
      "Nobody is there to ask: with --yes the config is written, with --force over one that is there.",
      exitCodes.usage,
    );
  }
  if (force !== true && existsSync(file)) throw new CommandFailure(existing(file));
}

const existing = (file: string): string =>
  `${file} is there already. Write over it with --force, or write another with --output.`;

/** Asks what has not been said, and writes. `false`: the user does not want it. */
export async function writeFile(
  file: string,
  content: string,
  { yes, force }: Consent,
  { terminal }: CommandContext,
): Promise<boolean> {
  const isThere = existsSync(file);
  const isAllowed = force === true || (yes === true && !isThere);
  if (!isAllowed) {
    const question = isThere ? `${file} is there already. Write over it? [y/N] ` : `Write ${file}? [Y/n] `;
    const answer = await terminal.ask?.(question);
    if (answer === undefined || !isYes(answer, !isThere)) return false;
  }
  mkdirSync(dirname(file), { recursive: true });
  try {
    // What has come into being since the question is not written over.
    writeFileSync(file, content, { flag: isThere ? "w" : "wx" });
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === "EEXIST") throw new CommandFailure(existing(file));
    throw new CommandFailure(`${file} cannot be written: ${String(code ?? error)}`);
  }
  return true;
}

function isYes(answer: string, byDefault: boolean): boolean {
  const said = answer.trim().toLowerCase();
  return said === "" ? byDefault : said === "y" || said === "yes";
}

/** @throws Error when a config that was made here is not in order: that is a bug, and such a file is not written. */
export async function proveInOrder(content: string, file: string, context: CommandContext): Promise<void> {
  const { environment } = context.terminal;
  const read = readConfig({ file, content, environment });
  const { problems } = await assemble({ read, from: context.from }, { environment });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`the config would not be in order:\n${errors.map(formatProblem).join("\n")}`);
}
