import type { SimModel, Simulator, SimulatorOptions } from "@headgate/simulator";
import { vi } from "vitest";
import type { Gateway } from "./gateway.ts";
import { type Stack, startStack } from "./stack.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A model that is in memory, and one that is not. */
const models: readonly SimModel[] = [{ id: "warm" }, { id: "cold", loaded: false }];

export const warm = "lmstudio/warm";
export const cold = "lmstudio/cold";
export const hosted = "anthropic/claude-sonnet-4-5";
export const coldGreeting = "Hello from lmstudio/cold.";
export const hostedGreeting = "Hello from anthropic/claude-sonnet-4-5.";

/** Where LM Studio is asked for a load. */
export const loadPath = "/api/v1/chat";

export interface ColdOptions {
  readonly local?: Partial<SimulatorOptions>;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly routes?: Readonly<Record<string, unknown>>;
  readonly within?: readonly string[];
}

export type ColdStack = Stack<"local" | "hosted"> & { readonly clock: VirtualClock };

/** LM Studio with a cold model, and a hosted one, on a clock that passes when a test says so. */
export async function startCold({ local, row, routes, within }: ColdOptions = {}): Promise<ColdStack> {
  const clock = createVirtualClock();
  const stack = await startStack(
    { local: { kind: "lmstudio", models, ...local }, hosted: { kind: "anthropic" } },
    (backends) => ({
      clock,
      config: {
        models: {
          providers: {
            lmstudio: { baseUrl: backends.local.baseUrl, ...row },
            anthropic: { baseUrl: backends.hosted.baseUrl, apiKey: "k" },
          },
        },
        ...(routes && { routes }),
        ...(within && { within }),
      },
    }),
  );
  return { ...stack, clock };
}

/** A load has been asked for. */
export const loadAsked = (local: Simulator): Promise<unknown> => local.waitFor(({ path }) => path === loadPath);

/** Paths that were asked, but for looks. */
export const pathsOf = (simulator: Simulator): readonly string[] => simulator.requests.map(({ path }) => path);

/** So many receipts, once they are there. */
export const receiptsOf = ({ receipts }: Gateway, count: number): Promise<Gateway["receipts"]> =>
  vi.waitFor(
    () => {
      if (receipts.length !== count) throw new Error(`${receipts.length} of ${count} receipts`);
      return receipts;
    },
    { interval: 2, timeout: 5000 },
  );
