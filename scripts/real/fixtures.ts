import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Recorded } from "./ask-server.ts";
import type { Observations } from "./compare.ts";

/** What a real server of one version did in each cell. */
export interface Fixture {
  /** Itself, with its words. */
  readonly server: Readonly<Record<string, Recorded>>;
  /** Seen through the gateway. */
  readonly gateway: Observations;
}

const folder = new URL("./__fixtures__/", import.meta.url);

/** Keeps what was seen under the server's name and version. No path of the machine is in it. */
export function keepFixture(name: string, { server, gateway }: Fixture, cache: string): void {
  const text = JSON.stringify({ server, gateway }, null, 1).replaceAll(cache, "models");
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${text}\n`);
}

export const readFixture = (file: string): Fixture =>
  JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Fixture;
