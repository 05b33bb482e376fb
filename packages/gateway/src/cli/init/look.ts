import { connect } from "node:net";
import { type Ask, createAsk, type Recognised, type Transport } from "@headgate/core";
import { createClock } from "../../clock.ts";
import type { InstalledPlugin } from "../../plugins/installed.ts";

/** What is behind a port of this machine; a closed one is not mentioned. */
export type Look =
  | ({ readonly port: number; readonly origin: string } & Known)
  | { readonly port: number; readonly origin: string; readonly recognised?: undefined; readonly stranger: Stranger };

/** Whom no plugin knows; who says nothing at all in time; a Headgate, which would be asked in a circle. */
export type Stranger = "unknown" | "silent" | "headgate";

/** Milliseconds for the connection, and for all look-ups of one plugin at one port. */
const connectTimeout = 500;
const deadline = 2000;

const clock = createClock();

/** The usual ports of all plugins, each once. */
export function usualPorts(plugins: readonly InstalledPlugin[]): readonly number[] {
  const ports = plugins.flatMap(({ plugin }) => plugin.detect?.ports ?? []);
  return [...new Set(ports)].sort((one, other) => one - other);
}

/** Looks at ports of 127.0.0.1, all at once, without a key. */
export async function lookAround(
  ports: readonly number[],
  plugins: readonly InstalledPlugin[],
  transport: Transport,
): Promise<readonly Look[]> {
  const looks = await Promise.all([...new Set(ports)].map((port) => lookAt(port, plugins, transport)));
  return looks.filter((look) => look !== undefined);
}

async function lookAt(
  port: number,
  plugins: readonly InstalledPlugin[],
  transport: Transport,
): Promise<Look | undefined> {
  if (!(await isOpen(port))) return undefined;
  const origin = `http://127.0.0.1:${port}`;
  const heard: Heard = { anything: false, headgate: false };
  const known = await whoIsAt(origin, plugins, transport, heard);
  if (known !== undefined && !heard.headgate) return { port, origin, ...known };
  return { port, origin, stranger: heard.headgate ? "headgate" : heard.anything ? "unknown" : "silent" };
}

/** A server, and the plugin that knows it best; of two that do, the first that is installed. */
export async function whoIsAt(
  origin: string,
  plugins: readonly InstalledPlugin[],
  transport: Transport,
  heard: Heard = { anything: false, headgate: false },
): Promise<Known | undefined> {
  const claims = await Promise.all(
    plugins.map(async (installed) => {
      const recognised = await recognise(installed, origin, transport, heard);
      return recognised === undefined ? [] : [{ ...installed, recognised }];
    }),
  );
  const found = claims.flat();
  return found.find(({ recognised }) => recognised.generic !== true) ?? found[0];
}

/** A server that a plugin knows. */
export interface Known extends InstalledPlugin {
  readonly recognised: Recognised;
}

/** What was learned of a server beside what the plugins say of it. */
interface Heard {
  anything: boolean;
  headgate: boolean;
}

/** Asks one plugin; its errors, and its silence, mean that it does not know the server. */
async function recognise(
  { plugin: { detect } }: Pick<InstalledPlugin, "plugin">,
  origin: string,
  transport: Transport,
  heard: Heard,
): Promise<Recognised | undefined> {
  if (detect === undefined) return undefined;
  const server = {
    provider: { origins: [origin] },
    headers: {},
    secret: undefined,
    timeouts: { connect: connectTimeout },
  };
  const ask = createAsk(server, { transport, clock, deadline });
  const look: Ask = async (url, init) => {
    // Whatever it is, it is a stranger: nothing is started there.
    if (init?.method === "POST") throw new Error("only GET is sent to a server that nobody knows yet");
    const reply = await ask(url, init);
    heard.anything = true;
    heard.headgate ||= reply.headers["x-headgate-request-id"] !== undefined;
    return reply;
  };
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), deadline + 100);
  try {
    return await Promise.race([detect.recognise(origin, look), late.promise]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port, timeout: connectTimeout });
  socket.once("connect", () => resolve(true));
  for (const event of ["error", "timeout"]) socket.once(event, () => resolve(false));
  return promise.finally(() => socket.destroy());
}
