import { type Command, InvalidArgumentError, Option } from "commander";

/** Options that every command about a config takes. */
export interface ConfigOptions {
  readonly config?: string;
  readonly set: readonly string[];
  readonly json?: true;
}

/** Adds `--config`, `--set` and `--json`. */
export function withConfigOptions(command: Command): Command {
  return withSetAndJson(
    command.option(
      "-c, --config <file>",
      "the config file (default: HEADGATE_CONFIG, ./headgate.json5, then the user's own)",
    ),
  );
}

/** Adds `--set` and `--json`. */
export function withSetAndJson(command: Command): Command {
  return command
    .addOption(
      new Option("--set <path=value>", "override a key of the config; repeatable")
        .argParser(collect)
        .default([], "none"),
    )
    .option("--json", "write JSON");
}

function collect(value: string, before: readonly string[]): readonly string[] {
  if (!value.includes("=")) throw new InvalidArgumentError("Write a path, an equals sign and a value.");
  return [...before, value];
}
