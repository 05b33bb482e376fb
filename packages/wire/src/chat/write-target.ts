import type { WireFeature } from "../pivot/features.ts";
import type { Ledger } from "../pivot/ledger.ts";
import { ToolNames } from "../pivot/tool-names.ts";
import type { WriteOptions } from "../translate.ts";

/** What all parts of the request writer must know of the backend, and where they say what it cannot take. */
export interface ChatTarget {
  readonly ledger: Ledger;
  readonly names: ToolNames;
  readonly provider: string | undefined;
  takes(feature: WireFeature): boolean;
}

export const chatTarget = (options: WriteOptions, ledger: Ledger): ChatTarget => ({
  ledger,
  names: options.tools ?? new ToolNames(),
  provider: options.provider,
  takes: (feature) => options.features?.has(feature) === true,
});
