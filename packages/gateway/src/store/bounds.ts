import type { GatewayConfig } from "@headgate/core";
import type { AllBounds } from "./messages.ts";

/** What a config wants to be kept. */
export function boundsOf({ receipts, responses }: Pick<GatewayConfig, "receipts" | "responses">): AllBounds {
  return {
    receipts: receipts === false ? undefined : receipts,
    responses: responses === false ? undefined : responses,
  };
}
