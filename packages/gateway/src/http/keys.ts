import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Client, GatewayConfig } from "@headgate/core";

/** What a client is told that sent none, or a wrong one. */
export const keyNeeded = "a key is needed: send one of gateway.keys as Authorization: Bearer or x-api-key";

/** Checks a client's key. `undefined`: no key is demanded. `false`: missing or wrong. */
export type KeyCheck = (request: IncomingMessage) => Client | undefined | false;

/** Keys are compared by their digest, so that the time taken tells nothing of how much of one was right. */
export function createKeyCheck(keys: GatewayConfig["keys"]): KeyCheck {
  if (keys.length === 0) return () => undefined;
  const clients = new Map<string, Client>();
  for (const { id, key, within } of keys) clients.set(digest(key), within === undefined ? { id } : { id, within });
  return (request) => {
    const key = keyOf(request);
    return key === undefined ? false : (clients.get(digest(key)) ?? false);
  };
}

/** `Authorization: Bearer` or `x-api-key`, on every wire: the official clients send either. */
function keyOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const plain = request.headers["x-api-key"];
  return bearer ?? (typeof plain === "string" ? plain : undefined);
}

function digest(key: string): string {
  return createHash("sha256").update(key).digest("base64");
}
