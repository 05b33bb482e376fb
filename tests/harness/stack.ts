import { type Simulator, type SimulatorOptions, startSimulator } from "@headgate/simulator";
import { expect, onTestFinished, vi } from "vitest";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

/** Backends and the gateway in front of them. */
export type Stack<Names extends string> = Readonly<Record<Names, Simulator>> & { readonly gateway: Gateway };

/**
 * Starts backends and a gateway for the test that runs, and closes them with it. At its end no backend may still be
 * answering a request that nobody waits for, and nothing may have happened in the gateway that must never happen.
 */
export async function startStack<Names extends string>(
  backends: Readonly<Record<Names, SimulatorOptions>>,
  configure: (backends: Readonly<Record<Names, Simulator>>) => GatewayOptions,
): Promise<Stack<Names>> {
  const names = Object.keys(backends) as Names[];
  const started = await Promise.all(names.map(async (name) => [name, await startSimulator(backends[name])] as const));
  const simulators = Object.fromEntries(started) as Record<Names, Simulator>;
  const gateway = await startGateway(configure(simulators));
  onTestFinished(async () => {
    try {
      await nothingLeft(started.map(([, simulator]) => simulator));
      expect(gateway.faults).toEqual([]);
    } finally {
      await gateway.close();
      await Promise.all(started.map(([, simulator]) => simulator.close()));
    }
  });
  return { ...simulators, gateway };
}

/** A cancelled exchange is noticed by the backend a moment later. */
export async function nothingLeft(simulators: readonly Simulator[]): Promise<void> {
  await vi.waitFor(
    () => {
      expect(simulators.map(({ activeRequests }) => activeRequests)).toEqual(simulators.map(() => 0));
    },
    { timeout: 2000, interval: 2 },
  );
}
