import type { SimulatorOptions } from "@headgate/simulator";
import type { TextWire } from "@headgate/wire";
import { dialects } from "./dialects/index.ts";
import type { Gateway, GatewayOptions } from "./gateway.ts";
import { type Stack, startStack } from "./stack.ts";

/** What a test says of the backend that it is about. */
export interface ReserveOptions extends Pick<GatewayOptions, "environment" | "clock"> {
  /** Laid over its row, which holds nothing but its address. */
  readonly row?: Readonly<Record<string, unknown>>;
}

/** The ref of the server in reserve, and what it says. */
export const spare = "reserve/my-local-model";
export const spareWords = "Hello from openai-compatible/my-local-model.";

export const forms = [
  ["streamed", true],
  ["whole", false],
] as const;

/** One backend that serves `ref`, and another server in reserve for it on the default route. */
export const startWithReserve = <Kind extends SimulatorOptions["kind"]>(
  ref: `${Kind}/${string}`,
  backend: SimulatorOptions & { readonly kind: Kind },
  { row, environment, clock }: ReserveOptions = {},
): Promise<Stack<Kind | "reserve">> =>
  startStack(
    { [backend.kind]: backend, reserve: { kind: "openai-compatible" } } as Record<Kind | "reserve", SimulatorOptions>,
    (started) => ({
      ...(environment === undefined ? {} : { environment }),
      ...(clock === undefined ? {} : { clock }),
      config: {
        agents: { defaults: { model: { primary: ref, fallbacks: [spare] } } },
        models: {
          providers: {
            [backend.kind]: { baseUrl: started[backend.kind].origin, ...row },
            reserve: { baseUrl: started.reserve.baseUrl },
          },
        },
      },
    }),
  );

/** What a client of the default route hears, streamed or whole, and the attempts that it took. */
export async function hear(
  gateway: Gateway,
  client: TextWire,
  stream: boolean,
): Promise<{ readonly text: string; readonly attempts: string | undefined }> {
  const reply = await gateway.say(client, { stream });
  const { readWhole, readStream } = dialects[client];
  const { text } = stream ? readStream(reply.events) : readWhole(reply.json);
  return { text, attempts: reply.headers["x-headgate-attempts"] };
}
