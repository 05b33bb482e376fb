import type { LookupOptions, lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** How names become addresses; the system's own way unless a test has another. */
export type Lookup = typeof systemLookup;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address is this machine and nothing else, the mapped spelling of IPv6 too. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** Whether a host of a URL says of itself that it is this machine: what counts as `local` without being declared. */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, "$1"));
}

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
