import type { PlaceEvidence } from "../provider/index.ts";
import type { Receipt } from "../receipt/receipt.ts";

/** What happens beside the requests, or after them. */
export type Notice =
  /** A provider's models could not be read; what was read before counts on for a while. */
  | { readonly kind: "discovery"; readonly provider: string; readonly message: string }
  /** Where an answer was made, by the backend's records; absent where there was none in time. */
  | {
      readonly kind: "evidence";
      readonly provider: string;
      readonly receipt: Receipt;
      readonly evidence: PlaceEvidence | undefined;
      /** Why there is none. */
      readonly message?: string;
    }
  /** A provider answered from where it must not, and is asked for nothing more. */
  | { readonly kind: "blocked"; readonly provider: string; readonly message: string }
  /** A breaker has opened or closed; without a model it is that of the provider's address or key. */
  | {
      readonly kind: "breaker";
      readonly provider: string;
      readonly model?: string;
      readonly state: "open" | "closed";
      readonly message: string;
    };
