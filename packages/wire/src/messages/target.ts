import type { WireFeature } from "../pivot/features.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { Seal } from "../pivot/types.ts";
import type { WriteOptions } from "../translate.ts";

/** The backend that a request is written for, and where its losses are entered. */
export interface Target {
  readonly ledger: Ledger;
  readonly tools: ToolNames;
  /** The conversation alone is written anew for a server of the client's own wire: other fields go as they are. */
  readonly sameWire: boolean;
  has(feature: WireFeature): boolean;
  /** True for a secret that this backend made. */
  made(seal: Seal): boolean;
}

export function createTarget({ tools, features, provider }: WriteOptions, ledger: Ledger): Target {
  const sameWire = ledger.from === ledger.to;
  return {
    ledger,
    tools: tools ?? new ToolNames(),
    sameWire,
    has: (feature) => features?.has(feature) === true,
    made: (seal) => {
      if (seal.wire !== "messages") return false;
      // A bare secret came from a backend of the client's own wire: this one, as far as anyone knows.
      return seal.provider === undefined ? sameWire : seal.provider === provider;
    },
  };
}
