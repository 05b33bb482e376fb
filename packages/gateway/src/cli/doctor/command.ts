import { type ConfigProblem, configuredModels, type Router, type Transport } from "@headgate/core";
import type { Command } from "commander";
import { type InstalledPlugin, loadInstalled } from "../../plugins/installed.ts";
import type { LoadedPlugin } from "../../plugins/load.ts";
import { undiciTransport } from "../../transport/undici.ts";
import { exitCodes } from "../exit.ts";
import { type CommandContext, openRouter } from "../load.ts";
import { type ConfigOptions, withConfigOptions } from "../options.ts";
import { printJson } from "../print.ts";
import { showWaiting } from "../status.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { judgeModel, lookAtModel } from "./judge-model.ts";
import { judgeProvider } from "./judge-provider.ts";
import { printFindings, sorted } from "./report.ts";
import { tryTools } from "./try-tools.ts";

interface DoctorOptions extends ConfigOptions {
  readonly quick?: true;
}

/** `headgate doctor` */
export function doctorCommand(program: Command, context: CommandContext, done: (exitCode: number) => void): void {
  withConfigOptions(program.command("doctor"))
    .option("--quick", "send no request to a model, not even to those that are loaded")
    .summary("say what is wrong with the backends, and the one thing to do about each")
    .description(
      "Asks every provider inside the config's boundary what it has and how that is, compares it with the config, and tries a short request with a tool on each loaded model of this machine. Loads no model, and asks no hosted model anything. Exit code 1 when something is broken, 0 with warnings.",
    )
    .addHelpText(
      "after",
      `
Examples:
  headgate doctor
  headgate doctor --quick --json

Looked at are, for each provider: its row, whether it answers, key, path, plugin, boundary; for each model: wire, state,
window, tools, size. --json writes { ok, findings: [{ provider, model?, check, level: "ok" | "warning" | "broken" |
"skipped", seen, fix? }] }.`,
    )
    .action(async (options: DoctorOptions) => done(await doctor(options, context)));
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { out, err } = context.terminal;
  const { router, plugins, problems, folder } = await openRouter(options, context);
  const transport = undiciTransport({ egress: router.config.gateway.egress });
  try {
    const { plugins: installed } = await loadInstalled({ folder, from: context.from });
    const waiting = new Set(router.providers.keys());
    showWaiting(err, waiting, true);
    const findings = await examineAll(
      { router, plugins, problems, installed, transport, quick: options.quick === true },
      (id) => {
        if (waiting.delete(id)) showWaiting(err, waiting, false);
      },
    );
    const ok = findings.every(({ level }) => level !== "broken");
    if (options.json) printJson(out, { ok, findings });
    else printFindings(out, findings);
    return ok ? exitCodes.done : exitCodes.failed;
  } finally {
    await transport.close();
  }
}

interface Ward {
  readonly router: Router;
  readonly problems: readonly ConfigProblem[];
  readonly plugins: ReadonlyMap<string, LoadedPlugin>;
  readonly installed: readonly InstalledPlugin[];
  readonly transport: Transport;
  readonly quick: boolean;
}

async function examineAll(ward: Ward, onDone: (id: string) => void): Promise<readonly Finding[]> {
  const { router, plugins, problems, installed, transport, quick } = ward;
  const { within } = router.config;
  const wanted = configuredModels(router.config);
  const all = await Promise.all(
    [...router.providers.values()].map(async (entry) => {
      const ids = [...(wanted.get(entry.id) ?? [])];
      const { id: provider } = entry;
      const problem = problems.find((one) => one.provider === provider && one.severity === "error");
      const subject = { entry, plugin: plugins.get(provider), problem, wanted: ids };
      const seen = await examine(subject, { transport, within, installed });
      const findings = [...judgeProvider(seen)];
      for (const id of ids) {
        const model = lookAtModel(seen, id, router.explain(`${entry.id}/${id}`));
        // One after another: a server of this machine has one graphics card.
        findings.push(...judgeModel(model), ...(await tryTools(router, model, quick)));
      }
      onDone(entry.id);
      return sorted(findings);
    }),
  );
  return all.flat();
}
