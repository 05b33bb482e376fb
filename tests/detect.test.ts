import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createAsk, type Detection, fetchTransport, type ProviderPlugin } from "@headgate/core";
import { type Simulator, type SimulatorKind, startSimulator } from "@headgate/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const kinds = globSync("packages/provider-*/src/detect.ts", { cwd: root }).map(
  (file) => file.split("/")[1]?.replace("provider-", "") ?? "",
);
const detections = new Map(
  await Promise.all(
    kinds.map(async (kind) => {
      const { default: plugin }: { default: ProviderPlugin } = await import(
        `../packages/provider-${kind}/src/index.ts`
      );
      return [kind, plugin.detect] as const;
    }),
  ),
);

const backends: readonly SimulatorKind[] = [
  "lmstudio",
  "vllm",
  "litellm",
  "openai-compatible",
  "openai",
  "anthropic",
  "openrouter",
];

it("looks where the servers that people run listen unless told otherwise, each port with the plugin that knows it", () => {
  const ports = [...detections].flatMap(([kind, detect]) => (detect?.ports ?? []).map((port) => [port, kind] as const));
  expect(ports.sort(([one], [other]) => one - other)).toEqual([
    [1234, "lmstudio"],
    [4000, "litellm"],
    [8000, "vllm"],
    [8080, "openai-compatible"],
    [11_434, "openai-compatible"],
    [30_000, "openai-compatible"],
  ]);
});

/** As the host asks: without a key, at this origin alone. */
const recognise = (detect: Detection | undefined, { origin }: Simulator) =>
  detect
    ?.recognise(
      origin,
      createAsk(
        { provider: { origins: [origin] }, headers: {}, secret: undefined, timeouts: {} },
        { transport: fetchTransport(), clock: createVirtualClock(), deadline: 2000 },
      ),
    )
    .catch(() => undefined);

describe.each([
  ["open", undefined],
  ["with a key", "sk-very-secret"],
] as const)("a plugin, at servers that are %s", (_, key) => {
  let simulators: ReadonlyMap<SimulatorKind, Simulator>;
  beforeAll(async () => {
    const started = backends.map(
      async (kind) => [kind, await startSimulator({ kind, ...(key !== undefined && { key }) })] as const,
    );
    simulators = new Map(await Promise.all(started));
  });
  afterAll(async () => {
    for (const simulator of simulators.values()) await simulator.close();
  });

  it.each([...detections])("of kind %s claims its own, and no other for certain", async (kind, detect) => {
    const claims = new Map<string, boolean>();
    for (const [name, simulator] of simulators) {
      const found = await recognise(detect, simulator);
      if (found === undefined) continue;
      if (name === kind) expect(found.baseUrl).toBe(simulator.baseUrl);
      claims.set(name, found.generic !== true);
    }
    const certain = [...claims].filter(([, isCertain]) => isCertain).map(([name]) => name);
    // The generic one takes whatever has a list; it never says that it is sure.
    expect(certain).toEqual(kind === "openai-compatible" ? [] : [kind]);
  });

  it("is asked for nothing that costs: no generation, no load, GET alone", () => {
    const asked = [...simulators.values()].flatMap(({ requests }) => [...requests]);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ method, wire }) => method !== "GET" || wire !== undefined)).toEqual([]);
    expect(
      asked.filter(({ headers }) => headers.authorization !== undefined || headers["x-api-key"] !== undefined),
    ).toEqual([]);
  });
});
