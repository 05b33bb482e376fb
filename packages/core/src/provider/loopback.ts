const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ofVersion4 = `127(?:\\.${octet}){3}`;

/** As sockets, resolvers and `URL` write them; the last ones are those of IPv4 in the clothes of IPv6. */
const loopbackAddress = new RegExp(`^(?:${ofVersion4}|::1|::ffff:(?:${ofVersion4}|7f[\\da-f]{2}:[\\da-f]{1,4}))$`, "i");

/** Whether an address is this machine and nothing else: 127.0.0.0/8 and ::1. No name is one, `localhost` neither. */
export const isLoopbackAddress = (address: string): boolean => loopbackAddress.test(address);

/**
 * Whether a host says of itself that it is this machine: a loopback address, in brackets or not, or `localhost`. Nothing is
 * looked up: that the name leads here is seen to by the host when it connects, and a name that may lead here does not count.
 *
 * @param host - As `URL.hostname`, a `Host` header without its port, or a setting has it.
 */
export function isLoopbackHost(host: string): boolean {
  return host.toLowerCase() === "localhost" || isLoopbackAddress(host.replace(/^\[(.*)\]$/, "$1"));
}
