import type { ModelFacts } from "@headgate/core";
import type { InstalledPlugin } from "../../plugins/installed.ts";
import { tokensText } from "../print.ts";
import { printTable } from "../table.ts";
import type { Outlet } from "../terminal.ts";
import type { Look, Stranger } from "./look.ts";
import type { Plan } from "./plan.ts";

/** Everything that `init` has seen. */
export interface Seen {
  readonly ports: readonly number[];
  readonly looks: readonly Look[];
  readonly plan: Plan;
  readonly plugins: readonly InstalledPlugin[];
  /** Plugins that are installed and cannot be used. */
  readonly faults: readonly string[];
}

/** Says what answers, and what the config would be. */
export function printSeen(out: Outlet, { ports, looks, plan }: Seen): void {
  const { servers, hosted, local, rented } = plan;
  out.line(`Looked at 127.0.0.1, ${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}.`);
  const rows = looks.map((look) => {
    if (look.recognised === undefined) return [String(look.port), strangers[look.stranger], "", ""];
    const server = servers.find(({ port }) => port === look.port);
    const models = server?.models.map((model) => modelText(model, out)) ?? [];
    const trouble = server?.trouble === undefined ? [] : [out.paint.yellow(server.trouble)];
    return [String(look.port), server?.name ?? "", server?.id ?? "", [...models, ...trouble].join("\n")];
  });
  if (rows.length > 0) {
    out.line();
    printTable(out, ["PORT", "WHAT", "PROVIDER", "MODELS"], rows);
  }
  if (rows.length > 0 || hosted.length > 0) out.line();
  for (const { id, variable } of hosted) out.line(`${variable} is set: ${out.paint.bold(id)} can be asked.`);
  const order = [...local, ...rented];
  if (order.length > 0) out.line(`The order: ${order.join(", then ")}.`);
}

const strangers: Readonly<Record<Stranger, string>> = {
  unknown: "something that no plugin knows",
  silent: "takes connections and says nothing",
  headgate: "a Headgate",
};

function modelText({ id, state, contextWindow }: ModelFacts, { paint }: Outlet): string {
  const window = contextWindow === undefined ? "" : ` ${tokensText(contextWindow)}`;
  if (state === "loaded") return `${id} ${paint.green("loaded")}${window && `,${window}`}`;
  if (state === "not-loaded") return `${id} ${paint.yellow("not loaded")}${window && `, up to${window}`}`;
  return `${id}${window}`;
}

/** What would have been found, had it been there. */
export function printAdvice(err: Outlet, plugins: readonly InstalledPlugin[]): void {
  err.line(
    "Nothing answers that a model could be asked of, and no key of a hosted provider is set. Start one of these:",
  );
  for (const { plugin } of plugins) {
    const { detect } = plugin;
    if (detect?.start === undefined) continue;
    const port = detect.ports.length === 0 ? "" : ` (port ${detect.ports.join(", ")})`;
    err.line(`  ${detect.name}${port}: ${detect.start}`);
  }
  const variables = plugins.flatMap(({ plugin: { auth, detect } }) =>
    auth?.env === undefined || detect !== undefined ? [] : [auth.env],
  );
  if (variables.length > 0) err.line(`Or set one of these variables: ${variables.join(", ")}`);
  err.line("A server on another port: headgate init --port PORT. A file to fill in by hand: headgate init --template");
}

/** The same for programs. */
export function seenJson({ ports, looks, plan, faults }: Seen): object {
  return {
    ports,
    servers: plan.servers.map((server) => ({
      provider: server.id,
      name: server.name,
      port: server.port,
      baseUrl: server.baseUrl,
      plugin: server.package,
      ...(server.trouble !== undefined && { trouble: server.trouble }),
      models: server.models.map(({ id, state, contextWindow }) => ({
        id,
        ...(state !== undefined && { state }),
        ...(contextWindow !== undefined && { contextWindow }),
      })),
    })),
    strangers: looks.flatMap((look) =>
      look.recognised === undefined ? [{ port: look.port, what: look.stranger }] : [],
    ),
    hosted: plan.hosted.map(({ id, variable, model }) => ({
      provider: id,
      variable,
      ...(model !== undefined && { model: model.id }),
    })),
    aliases: Object.fromEntries(plan.models.map(({ alias, ref }) => [alias, ref])),
    order: [...plan.local, ...plan.rented],
    faults,
  };
}
