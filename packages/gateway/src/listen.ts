import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The address cannot be listened on; the message names the way out. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Opens the port. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
    server.once("error", failed);
    server.listen(port, host.replace(/^\[(.*)\]$/, "$1"), () => {
      server.off("error", failed);
      resolve(server.address() as AddressInfo);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const options = { cause: error };
  switch (error.code) {
    case "EADDRINUSE":
      return new ListenError(
        `Port ${port} on ${host} is in use, perhaps by another Headgate. Take a free one with --port 0, or name another.`,
        options,
      );
    case "EACCES":
      return new ListenError(
        `Port ${port} on ${host} is not allowed for this user. Take one above 1023, with --port 4323 for example.`,
        options,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ListenError(
        `${host} is no address of this machine. Take another one with --host, or leave it out for 127.0.0.1.`,
        options,
      );
  }
  return new ListenError(`Cannot listen on ${host}:${port}: ${error.message}`, options);
}
