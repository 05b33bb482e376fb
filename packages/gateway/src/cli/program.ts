import { readFileSync } from "node:fs";
import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { checkCommand } from "./check.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor/command.ts";
import { explainCommand } from "./explain.ts";
import { initCommand } from "./init/command.ts";
import type { CommandContext } from "./load.ts";
import { loadModelCommand } from "./load-model.ts";
import { modelsCommand } from "./models.ts";
import { receiptsCommand } from "./receipts.ts";
import { serveCommand } from "./serve.ts";
import { statusCommand } from "./status.ts";

const commands = [
  initCommand,
  serveCommand,
  demoCommand,
  checkCommand,
  explainCommand,
  modelsCommand,
  statusCommand,
  loadModelCommand,
  receiptsCommand,
  doctorCommand,
];

/** The whole command line; `done` is told a command's exit code. */
export function createProgram(context: CommandContext, done: (exitCode: number) => void): Command {
  const { out, err } = context.terminal;
  const program = new Command("headgate")
    .description("One local endpoint for every model you own or rent.")
    .version(versionOf(context.from), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .showHelpAfterError("Run with --help to see what there is.")
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHasColors: () => out.paint.isColorSupported,
      getErrHasColors: () => err.paint.isColorSupported,
    })
    .exitOverride();
  for (const add of commands) add(program, context, done);
  return program;
}

/** The version of the package that people installed, or of this one where something else starts it. */
function versionOf(from: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL("../package.json", from), "utf8"));
    if (name === "headgate") return String(version);
  } catch {
    // Started from elsewhere.
  }
  return manifest.version;
}
