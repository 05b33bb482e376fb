import { isLoopbackHost } from "../provider/index.ts";
import { formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import type { GatewayConfig } from "./schema.ts";

/** What the shape of `gateway` does not tell. */
export function checkGateway({ host, keys }: GatewayConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!isLoopbackHost(host) && keys.length === 0) {
    problems.push({
      severity: "error",
      path: "gateway.host",
      value: JSON.stringify(host),
      message: "reachable from other machines, and no key is asked for",
      fix: 'write gateway.keys: ["${HEADGATE_KEY}"], or host: "127.0.0.1"',
    });
  }
  const ids = new Set<string>();
  for (const [index, { id }] of keys.entries()) {
    if (ids.has(id)) {
      problems.push({
        severity: "error",
        path: formatPath(["gateway", "keys", index, "id"]),
        value: JSON.stringify(id),
        message: "the id of another key",
        fix: "give each key its own id",
      });
    }
    ids.add(id);
  }
  return problems;
}
