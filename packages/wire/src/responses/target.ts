import type { WireFeature } from "../pivot/features.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { WriteOptions } from "../translate.ts";

/** Whom a request is written for, and who is told what it cannot carry. */
export interface Target {
  /** Id of the provider, if any seal may be its own. */
  readonly provider: string | undefined;
  readonly tools: ToolNames;
  readonly ledger: Ledger;
  readonly has: (feature: WireFeature) => boolean;
}

/** The target that these options describe. */
export function toTarget({ features, provider, tools = new ToolNames() }: WriteOptions, ledger: Ledger): Target {
  return { provider, tools, ledger, has: (feature) => features?.has(feature) === true };
}
