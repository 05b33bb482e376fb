import { type ConfigProblem, formatPath, type GatewayConfig } from "@headgate/core";

/** What a running server cannot change, by key, and as a text that tells whether it has changed. */
const fixed: Readonly<Record<string, (gateway: GatewayConfig) => string>> = {
  host: ({ host }) => host,
  port: ({ port }) => String(port),
  stateDir: ({ stateDir }) => stateDir ?? "",
  egress: ({ egress }) => egress,
  metrics: ({ metrics }) => String(metrics),
  tracing: ({ tracing }) => String(tracing),
  responses: ({ responses }) => (responses === false ? "false" : ""),
};

/** What a new config wants that only a restart can bring. */
export function fixedProblems(before: GatewayConfig, after: GatewayConfig): readonly ConfigProblem[] {
  return Object.entries(fixed)
    .filter(([, textOf]) => textOf(before) !== textOf(after))
    .map(([key]) => ({
      severity: "error",
      path: formatPath(["gateway", key]),
      message: "cannot change while the gateway runs",
      fix: "restart it, or put the key back",
    }));
}
