import { checkStream } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello } from "./harness/gateway.ts";
import { at, listAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const start = ({ kind, wire, model }: Upstream) =>
  startStack({ backend: { kind } }, ({ backend }) => ({
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));

const { path, headers, writeRequest, readStream } = dialects.responses;

/** What a client of Responses is told of each item, at its end and in the whole response. */
async function statuses(gateway: Gateway, stream: boolean): Promise<unknown> {
  const reply = await gateway.ask(path, { headers, body: writeRequest(hello, undefined, stream) });
  if (!stream) return [at(reply.json, "status"), listAt(reply.json, "output").map((item) => at(item, "status"))];
  expect(checkStream("responses", reply.events)).toEqual([]);
  expect(readStream(reply.events).text).toBe("Once upon");
  const frames = reply.events.flatMap(({ data }) => (data === "[DONE]" ? [] : [JSON.parse(data) as object]));
  const done = frames.filter((frame) => at(frame, "type") === "response.output_item.done");
  const response = at(frames.at(-1), "response");
  const told = done.map((frame) => at(frame, "item", "status"));
  expect(listAt(response, "output").map((item) => at(item, "status"))).toEqual(told);
  return [at(response, "status"), told];
}

/** A client of Responses whose answers are kept: they go through the pivot, whoever gives them. */
describe.each(upstreams)("an answer of $kind on $wire, told to a client of Responses", (upstream) => {
  it.each([true, false])("is incomplete where it was cut, and so is its last item (stream: %s)", async (stream) => {
    const { backend, gateway } = await start(upstream);
    backend.answer({ text: ["Once ", "upon"], finish: "length" });
    expect(await statuses(gateway, stream)).toEqual(["incomplete", ["incomplete"]]);
  });

  it.each([true, false])("is completed where it came to its end (stream: %s)", async (stream) => {
    const { backend, gateway } = await start(upstream);
    backend.answer({ text: ["Once ", "upon"] });
    expect(await statuses(gateway, stream)).toEqual(["completed", ["completed"]]);
  });
});
