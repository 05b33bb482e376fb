import { createAsk, type GatewayConfig, type Transport } from "@headgate/core";
import { createClock } from "../clock.ts";
import type { ProviderHealth } from "../http/health.ts";
import type { ProviderStatus } from "./discover.ts";

/** Milliseconds for a gateway on this machine to say how it is. */
const patience = 1000;

/** Where to reach who listens on all of a machine's addresses. */
const here: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * What a gateway that serves this config says of its providers; nothing where none does.
 *
 * @param transport - The way out: the global one may lead through a proxy, which must not see the key.
 */
export async function askRunning(
  { host, port, keys }: GatewayConfig,
  transport: Transport,
): Promise<readonly ProviderHealth[]> {
  if (port === 0) return [];
  const [key] = keys;
  const address = here[host] ?? host;
  const origin = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  const gateway = {
    headers: key === undefined ? {} : { authorization: `Bearer ${key.key}` },
    secret: key?.key,
    timeouts: {},
    provider: { origins: [origin] },
  };
  try {
    const ask = createAsk(gateway, { transport, clock: createClock(), deadline: patience });
    const { json } = await ask(`${origin}/health`);
    const { providers } = json as { readonly providers?: readonly ProviderHealth[] };
    return Array.isArray(providers) ? providers : [];
  } catch {
    return [];
  }
}

/** What that gateway knows better than a look at the backend. */
export function withBreakers(status: ProviderStatus, running: readonly ProviderHealth[]): ProviderStatus {
  const breakers = running.find(({ id }) => id === status.id)?.breakers;
  return breakers === undefined ? status : { ...status, breakers };
}
