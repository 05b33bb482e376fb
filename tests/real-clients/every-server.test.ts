import type { Answer, RecordedRequest } from "@headgate/simulator";
import { checkStream } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "../harness/backends.ts";
import { dialects } from "../harness/dialects/index.ts";
import type { JsonObject } from "../harness/json.ts";
import { startStack } from "../harness/stack.ts";
import { callOf } from "./backend-view.ts";
import { clients } from "./clients.ts";
import { callsIn, keep } from "./keep.ts";

const start = ({ kind, wire, model }: Upstream) =>
  startStack({ backend: { kind, key: "sk-of-the-backend" } }, ({ backend }) => ({
    config: {
      gateway: { keys: ["sk-of-headgate"] },
      routes: { "*": { primary: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "sk-of-the-backend", wires: [wire] } } },
    },
  }));

/** Servers of one wire differ in what they answer with a 400: each client is to get by with all of them. */
describe.each(upstreams)("$kind asked on $wire", (upstream) => {
  it.each(clients)("serves a whole tool turn to $name", async (client) => {
    const { backend, gateway } = await start(upstream);
    const calling = (request: RecordedRequest): Answer => ({
      reasoning: "I should look.",
      text: "Let me look.",
      toolCalls: [callOf(upstream.wire, request, client.call)],
    });
    backend.answerNext(calling, { text: "All is there." });
    const send = (body: JsonObject) =>
      gateway.ask(dialects[client.wire].path + (client.query ?? ""), { body, headers: client.headers });
    const isStream = client.first.stream === true;

    const first = await send(client.first);
    expect(first.status, first.text).toBe(200);
    const kept = keep(client.wire, first);
    const custom = typeof client.call.input === "string";
    expect(callsIn(client.wire, kept.pieces)).toEqual([{ ...client.call, id: kept.callId, custom }]);

    const second = await send(client.second(kept));
    expect(second.status, second.text).toBe(200);
    const { readStream, readWhole } = dialects[client.wire];
    const said = isStream ? readStream(second.events) : readWhole(second.json);
    expect(said).toMatchObject({ text: "All is there.", calls: [], finish: "stop" });
    if (isStream && upstream.wire !== client.wire) {
      expect([first, second].flatMap(({ events }) => checkStream(client.wire, events))).toEqual([]);
    }
    expect(backend.requests).toHaveLength(2);
  });
});
