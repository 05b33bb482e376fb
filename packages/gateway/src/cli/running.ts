import type { GatewayConfig } from "@headgate/core";
import type { ProviderHealth } from "../http/health.ts";
import type { ProviderStatus } from "./discover.ts";

/** Milliseconds for a gateway on this machine to say how it is. */
const patience = 1000;

/** What a gateway that serves this config says of its providers; nothing where none does. */
export async function askRunning({ host, port, keys }: GatewayConfig): Promise<readonly ProviderHealth[]> {
  if (port === 0) return [];
  const [key] = keys;
  try {
    const reply = await fetch(`http://${host.includes(":") ? `[${host}]` : host}:${port}/health`, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key.key}` },
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    const { providers } = (await reply.json()) as { readonly providers?: readonly ProviderHealth[] };
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
