import type { ProviderPlugin } from "@headgate/core";
import type { Cell, Script } from "./case.ts";

/** Where one script is spoken, and under which name. */
export interface Seat {
  readonly origin: string;
  readonly model: string;
}

/** A server that runs, real or simulated. */
export interface Target {
  readonly seats: Readonly<Record<Script, Seat>>;
  readonly close: () => Promise<void>;
  /** Readies a simulation for the next cell. */
  readonly prepare?: (cell: Cell) => void;
}

/** A real server, or why there is none. */
export type SetUp =
  | { readonly kind: "running"; readonly version: string; readonly target: Target }
  | { readonly kind: "skipped"; readonly why: string };

/** What it takes to set one up. */
export interface Surroundings {
  /** Where environments and models are kept: `headgate/real` in the user's cache folder. */
  readonly cache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (line: string) => void;
}

/** A kind of server that can be set up for real, and simulated. */
export interface ServerKind {
  readonly name: string;
  readonly plugin: ProviderPlugin;
  /** The kinds of failure that the kit is told of each of its refusals. */
  readonly unknownModel: "model_missing" | undefined;
  readonly setUp: (surroundings: Surroundings) => Promise<SetUp>;
  readonly simulate: () => Promise<Target>;
}

/** The key that each server is started with. Not a secret: it guards a loopback port for a minute. */
export const key = "sk-headgate-real-servers-0001";

/** Tokens that each server has room for. */
export const window = 2048;

/** One address and name for all scripts. */
export const oneSeat = (seat: Seat): Target["seats"] => ({ say: seat, think: seat, call: seat });
