import type { LookupOptions, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { isLoopbackAddress } from "@headgate/core";

/** How names become addresses; the system's own way unless a test has another. */
export type Lookup = typeof systemLookup;

/** A name led to another machine although it must not. */
class LedAway extends Error {
  readonly code = "ERR_HEADGATE_LED_AWAY";
}

/**
 * Looks a name up for a connection that must end on this machine. What was checked is what is connected to: nobody can
 * answer otherwise in between.
 */
export function loopbackLookup(lookup: Lookup): LookupFunction {
  return (hostname, options: LookupOptions, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "");
      const away = addresses.find(({ address }) => !isLoopbackAddress(address));
      if (away !== undefined) {
        return callback(new LedAway(`${hostname} leads to ${away.address}, which is not this machine`), "");
      }
      if (options.all === true) return callback(null, addresses);
      callback(null, addresses[0]?.address ?? "", addresses[0]?.family);
    });
  };
}
