import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello } from "./harness/gateway.ts";
import { startStack } from "./harness/stack.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const start = async ({ kind, wire, model }: Upstream) => {
  const clock = createVirtualClock();
  const stack = await startStack({ backend: { kind } }, ({ backend }) => ({
    clock,
    config: {
      agents: { defaults: { model: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire] } } },
    },
  }));
  return { ...stack, clock };
};

/** An answer that is not kept may pass through untouched. */
const ask = (gateway: Gateway, client: TextWire, store: boolean) => {
  const { path, headers, writeRequest } = dialects[client];
  const body = writeRequest(hello, undefined, true);
  return gateway.ask(path, { headers, body: client === "responses" ? { ...body, store } : body });
};

const answer = { text: ["One ", "two ", "three."], usage: { input: 17, output: 6 } };
/** More frames than there are: the backend says all, and never closes. */
const staysOpen = { kind: "hang-after", frames: 1000 } as const;

describe.each(upstreams)("a backend that never closes, $kind on $wire", (upstream) => {
  it.each([
    ...textWires.map((client) => ({ client, store: true })),
    ...(upstream.wire === "responses" && upstream.exact ? [] : [{ client: "responses" as const, store: false }]),
  ])("keeps no client of $client waiting (store: $store), and is left alone", async ({ client, store }) => {
    const { backend, gateway, clock } = await start(upstream);
    backend.answer(answer);
    backend.fail(staysOpen);
    const reply = await ask(gateway, client, store);
    // No time has passed yet: nobody has waited for a clock.
    expect(reply.broken).toBe(false);
    expect(dialects[client].readStream(reply.events)).toMatchObject({ text: "One two three.", finish: "stop" });
    expect(gateway.receipts).toMatchObject([
      { outcome: "ok", usage: { inputTokens: 17, outputTokens: 6 }, attempts: [{ outcome: "ok" }] },
    ]);
    const closed = backend.nextClose();
    await clock.pass(1000);
    await closed;
  });
});

describe.each(upstreams.filter(({ wire, exact }) => wire === "responses" && exact))(
  "a backend that never closes, $kind on $wire, passed through",
  (upstream) => {
    it("is given a moment for the mark that some send, and no longer", async () => {
      const { backend, gateway, clock } = await start(upstream);
      backend.answer(answer);
      backend.fail(staysOpen);
      const closed = backend.nextClose();
      let reply: Awaited<ReturnType<Gateway["ask"]>> | undefined;
      const asked = ask(gateway, "responses", false).then((come) => {
        reply = come;
      });
      await vi.waitFor(async () => {
        await clock.pass(250);
        expect(reply).toBeDefined();
      });
      await asked;
      await closed;
      expect(reply?.broken).toBe(false);
      expect(dialects.responses.readStream(reply?.events ?? [])).toMatchObject({ text: "One two three." });
      expect(gateway.receipts).toMatchObject([{ outcome: "ok", usage: { outputTokens: 6 } }]);
    });
  },
);

describe.each(upstreams)("$kind on $wire, whose answer is over", (upstream) => {
  it.each(textWires)("is heard to its end, so that its connection serves again, for a client of %s", async (client) => {
    const { backend, gateway } = await start(upstream);
    backend.answer(answer);
    for (let round = 0; round < 3; round++) expect((await ask(gateway, client, true)).broken).toBe(false);
    await vi.waitFor(() => expect(backend.activeRequests).toBe(0), { interval: 1 });
    const ends = backend.requests.map(({ finished, closedByClient }) => ({ finished, closedByClient }));
    expect(ends).toEqual(Array.from({ length: 3 }, () => ({ finished: true, closedByClient: false })));
  });
});
