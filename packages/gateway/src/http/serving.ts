import type { GatewayConfig, Router } from "@headgate/core";
import { createKeyCheck, type KeyCheck } from "./keys.ts";
import { createOriginCheck, type OriginCheck } from "./origins.ts";

/** One reading of the config, at work: who is let in, and who answers. */
export class Serving {
  readonly router: Router;
  readonly gateway: GatewayConfig;
  readonly keyCheck: KeyCheck;
  readonly originCheck: OriginCheck;
  #running = 0;
  #retired = false;

  constructor(router: Router, gateway: GatewayConfig) {
    this.router = router;
    this.gateway = gateway;
    this.keyCheck = createKeyCheck(gateway.keys);
    this.originCheck = createOriginCheck(gateway);
  }

  /** An answer begins; {@link leave} is called at its end. */
  enter(): void {
    this.#running++;
  }

  leave(): void {
    this.#running--;
    this.#closeWhenDone();
  }

  /** Another has taken its place: what runs ends under this one, and then it is closed. */
  retire(): void {
    this.#retired = true;
    this.#closeWhenDone();
  }

  #closeWhenDone(): void {
    if (this.#retired && this.#running === 0) this.router.close();
  }
}

/** What serves at the moment: a reload puts another in its place. */
export interface Current {
  serving: Serving;
}
