import { type Stack, startStack } from "./stack.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

export interface HouseOfTwoOptions {
  /** Laid over the row of the first backend. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** Laid over the row of the other. */
  readonly other?: Readonly<Record<string, unknown>>;
  /** Laid over both routes. */
  readonly route?: Readonly<Record<string, unknown>>;
}

export const first = "first/a";
export const sibling = "first/b";
export const second = "second/c";

/** One backend with two models, and one in reserve for either, on a clock that passes when a test says so. */
export async function startHouseOfTwo({
  row,
  other,
  route,
}: HouseOfTwoOptions = {}): Promise<Stack<"one" | "two"> & { readonly clock: VirtualClock }> {
  const clock = createVirtualClock();
  const stack = await startStack(
    {
      one: { kind: "openai-compatible", key: "k1", models: [{ id: "a" }, { id: "b" }] },
      two: { kind: "openai-compatible", key: "k2", models: [{ id: "c" }] },
    },
    ({ one, two }) => ({
      clock,
      config: {
        models: {
          providers: {
            first: { baseUrl: one.baseUrl, apiKey: "k1", api: "openai-completions", ...row },
            second: { baseUrl: two.baseUrl, apiKey: "k2", api: "openai-completions", ...other },
          },
        },
        routes: {
          main: { primary: first, fallbacks: [second], ...route },
          other: { primary: sibling, fallbacks: [second], ...route },
        },
      },
    }),
  );
  return { ...stack, clock };
}
