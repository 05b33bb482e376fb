import { readFileSync } from "node:fs";
import { parsePath } from "@headgate/core";
import JSON5 from "json5";

/** Values by path, as `--set` takes them: `{ "models.providers.lmstudio.baseUrl": "http://127.0.0.1:9" }`. */
export type Settings = Readonly<Record<string, unknown>>;

export type ConfigFile = "hybrid-hosted-first" | "local-first" | "lmstudio" | "openai-compatible";

/** One of the users' files, word for word, with settings applied to what it parses to. */
export function readConfig(file: ConfigFile, settings: Settings = {}): unknown {
  const config: unknown = JSON5.parse(readFileSync(new URL(`../configs/${file}.json5`, import.meta.url), "utf8"));
  for (const [path, value] of Object.entries(settings)) set(config, path, value);
  return config;
}

function set(config: unknown, path: string, value: unknown): void {
  const steps = parsePath(path) ?? [];
  let here = config as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) {
    here[step] ??= {};
    here = here[step] as Record<string, unknown>;
  }
  here[String(steps.at(-1))] = value;
}
