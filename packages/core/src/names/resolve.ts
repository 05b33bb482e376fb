import type { ColdStart } from "../config/schema.ts";
import { nearNames } from "./near.ts";
import { parseRef, type Ref } from "./ref.ts";

/** Whom a request's `model` means. */
export type Resolution =
  | {
      readonly found: true;
      /** As the client wrote it; `default` when it named none. */
      readonly requested: string;
      /** The route's name; `default` for `agents.defaults.model`. Absent when one ref was meant. */
      readonly route?: string;
      /** Who may answer, in order; never empty. */
      readonly refs: readonly Ref[];
      /** The route's boundary. */
      readonly within?: readonly string[];
      /** The route refuses what cannot be carried with its meaning. */
      readonly strict?: boolean;
      /** What the route says of models that are not in memory. */
      readonly coldStart?: ColdStart;
      /** Milliseconds without output after which the next one is asked, too. */
      readonly hedge?: number;
    }
  | {
      readonly found: false;
      readonly requested: string;
      /** For the client. */
      readonly message: string;
      /** Names that it may have meant, best first. */
      readonly near: readonly string[];
    };

/** What a name stands for. */
export interface Found {
  /** As the file writes it. */
  readonly name: string;
  readonly route?: string;
  readonly refs: readonly Ref[];
  readonly within?: readonly string[];
  readonly strict?: boolean;
  readonly coldStart?: ColdStart;
  readonly hedge?: number;
}

/** The names of one config. */
export interface Tables {
  readonly providers: ReadonlySet<string>;
  /** By `provider/model`. */
  readonly refs: ReadonlyMap<string, Found>;
  /** Aliases and routes in one namespace, in lower case. */
  readonly names: ReadonlyMap<string, Found>;
  /** Every row that has the id. */
  readonly bareIds: ReadonlyMap<string, readonly Ref[]>;
  readonly defaultRoute?: Found;
  readonly catchAll?: Found;
}

/** The order in which a name is looked up: ref, alias or route, bare id, `*`. */
export function createResolve(tables: Tables): (name: string | undefined) => Resolution {
  const { defaultRoute, catchAll } = tables;
  return (name) => {
    const key = name?.trim().toLowerCase() ?? "";
    if (name === undefined || key === "" || key === "default") {
      return defaultRoute ? toResolution("default", defaultRoute) : noDefault(name, tables);
    }
    const found = tables.refs.get(name) ?? explicit(name, tables) ?? tables.names.get(key) ?? bare(name, tables);
    return found || catchAll ? toResolution(name, found ?? catchAll) : notFound(name, tables);
  };
}

function toResolution(requested: string, found: Found | undefined): Resolution {
  const { route, refs = [], within, strict, coldStart, hedge } = found ?? {};
  return {
    found: true,
    requested,
    refs,
    ...(route !== undefined && { route }),
    ...(within && { within }),
    ...(strict === true && { strict }),
    ...(coldStart !== undefined && { coldStart }),
    ...(hedge !== undefined && { hedge }),
  };
}

/** A ref to a provider of the file; a request's name never makes one. */
function explicit(name: string, { providers }: Tables): Found | undefined {
  const ref = parseRef(name);
  return ref && providers.has(ref.provider) ? { name, refs: [ref] } : undefined;
}

function bare(name: string, { bareIds }: Tables): Found | undefined {
  const refs = bareIds.get(name);
  return refs?.length === 1 ? { name, refs } : undefined;
}

function noDefault(name: string | undefined, { names, refs }: Tables): Resolution {
  const near = [...names.values(), ...refs.values()].slice(0, 3).map((found) => found.name);
  const said =
    name === undefined || name.trim() === "" ? "The request names no model" : `"${name.trim()}" was asked for`;
  return {
    found: false,
    requested: "default",
    message: `${said}, and agents.defaults.model is not set.${suggestion("Name one", near)}`,
    near,
  };
}

function notFound(name: string, tables: Tables): Resolution {
  const sharing = tables.bareIds.get(name);
  if (sharing !== undefined) {
    const near = sharing.map((ref) => ref.text);
    const message = `More than one provider has the model ${quote(name)}.${suggestion("Name one of them", near)}`;
    return { found: false, requested: name, message, near };
  }
  const candidates = [...tables.names.values(), ...tables.refs.values()].map((found) => found.name);
  const near = nearNames(name, [...candidates, ...tables.bareIds.keys()]);
  const message = `There is no model, alias or route ${quote(name)}.${suggestion("Did you mean", near)}`;
  return { found: false, requested: name, message, near };
}

function suggestion(question: string, near: readonly string[]): string {
  return near.length === 0 ? "" : ` ${question}: ${near.map(quote).join(", ")}?`;
}

function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
