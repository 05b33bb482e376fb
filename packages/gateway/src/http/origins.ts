import type { IncomingMessage } from "node:http";
import { type GatewayConfig, isLoopbackHost } from "@headgate/core";

/** Why a request is not let in, or `undefined`. */
export type OriginCheck = (request: IncomingMessage) => string | undefined;

/**
 * Keeps pages in a browser from reaching a local model unasked. An `Origin` must be listed; on a loopback address the
 * `Host` must name it, or a page whose name was rebound to 127.0.0.1 would get in. Elsewhere a key is demanded anyway.
 */
export function createOriginCheck(gateway: Pick<GatewayConfig, "host" | "origins">): OriginCheck {
  const origins = new Set(gateway.origins.map((origin) => origin.toLowerCase()));
  const hosts = new Set([
    gateway.host.toLowerCase(),
    ...gateway.origins.map((origin) => nameOf(origin.replace(/^\w+:\/\//, ""))),
  ]);
  const onLoopback = isLoopbackHost(gateway.host);
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin !== undefined && !origins.has(origin.toLowerCase())) {
      return `Origin ${origin.slice(0, 200)} is not listed in gateway.origins`;
    }
    if (!onLoopback || host === undefined) return undefined;
    const name = nameOf(host);
    return hosts.has(name) || isLoopbackHost(name) ? undefined : `Host ${host.slice(0, 200)} is not this server`;
  };
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
