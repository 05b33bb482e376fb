import { askGateway } from "./ask-gateway.ts";
import { askServer, type Recorded } from "./ask-server.ts";
import { cells } from "./case.ts";
import { type Difference, differencesOf, type Observation, type Observations } from "./compare.ts";
import { type KitReport, kitDifferencesOf, runKit } from "./kit.ts";
import { reasonOf } from "./python.ts";
import { recognise } from "./recognise.ts";
import type { ServerKind, Surroundings, Target } from "./target.ts";

/** All that was seen of one server. */
export interface Seen {
  readonly server: Readonly<Record<string, Recorded>>;
  readonly gateway: Observations;
  readonly kit: KitReport;
}

/** What came of one server. */
export type Result =
  | { readonly kind: "skipped"; readonly server: string; readonly why: string }
  | {
      readonly kind: "compared";
      readonly server: string;
      readonly version: string;
      readonly seen: Seen;
      /** Cells and cases of the kit that were compared. */
      readonly compared: number;
      readonly differences: readonly Difference[];
    };

/** Sets a server up, asks it and its simulation the same, and says where they part. */
export async function runServer(kind: ServerKind, surroundings: Surroundings): Promise<Result> {
  const server = kind.name;
  const setUp = await kind.setUp(surroundings).catch((error) => ({ kind: "skipped" as const, why: reasonOf(error) }));
  if (setUp.kind === "skipped") return { kind: "skipped", server, why: setUp.why };
  const { version, target } = setUp;
  surroundings.log(`${server} ${version} is ready`);
  const real = await seeAll(kind, target);
  const simulated = await seeAll(kind, await kind.simulate());
  const differences = [
    ...differencesOf(prefixed("server", real.server), prefixed("server", simulated.server)),
    ...differencesOf(prefixed("gateway", real.gateway), prefixed("gateway", simulated.gateway)),
    ...kitDifferencesOf(real.kit, simulated.kit),
    ...real.broken.map(({ cell, lines }) => ({ cell: `kit ${cell}`, lines: lines.slice(0, 5) })),
  ];
  const compared = cells.length * 2 + 1 + Object.keys(real.kit).length;
  return { kind: "compared", server, version, seen: real, compared, differences };
}

/** Everything that is asked of a server, real or simulated, and its end. */
export async function seeAll(kind: ServerKind, target: Target) {
  try {
    const server = await askServer(target, cells);
    const asked = await askGateway(target, kind.plugin, cells);
    const gateway = { ...asked, recognised: await recognise(target, kind.plugin) };
    const { report, broken } = await runKit(kind, target, server);
    return { server, gateway, kit: report, broken };
  } finally {
    await target.close();
  }
}

const prefixed = (prefix: string, seen: Readonly<Record<string, Observation>>): Observations =>
  Object.fromEntries(Object.entries(seen).map(([id, one]) => [`${prefix} ${id}`, one]));
