import { request } from "node:http";
import type { Fault, Simulator } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import type { Gateway } from "./harness/gateway.ts";
import { hello } from "./harness/gateway.ts";
import { startHybrid } from "./harness/hybrid.ts";
import { nothingLeft, startStack } from "./harness/stack.ts";

/** Where a backend is when its client leaves. */
const moments: readonly { name: string; fault: Fault; streams: readonly boolean[] }[] = [
  { name: "before its headers", fault: { kind: "hang" }, streams: [true, false] },
  { name: "after its headers", fault: { kind: "hang-after", frames: 0 }, streams: [true, false] },
  { name: "before its first output", fault: { kind: "hang-after", outputs: 0 }, streams: [true] },
  { name: "after its first output", fault: { kind: "hang-after", outputs: 1 }, streams: [true] },
  { name: "in the middle of a whole body", fault: { kind: "hang-after", frames: 1 }, streams: [false] },
  { name: "in an endless answer", fault: { kind: "endless", delayMs: 1 }, streams: [true, false] },
];
const leavings = moments.flatMap(({ streams, ...moment }) =>
  streams.map((stream) => ({ ...moment, stream, how: stream ? "streamed" : "whole" })),
);

/** Leaves once the backend has been asked, and says how long that one took to notice. */
async function leave(backend: Simulator, asked: Promise<unknown>, leaving: AbortController): Promise<number> {
  const outcome = asked.catch((error: unknown) => error);
  await backend.waitFor(({ method }) => method === "POST");
  const closed = backend.nextClose();
  const since = performance.now();
  leaving.abort();
  await closed;
  const took = performance.now() - since;
  await outcome;
  return took;
}

const settled = (gateway: Gateway) =>
  vi.waitFor(() => expect(gateway.receipts).toHaveLength(1), { interval: 2, timeout: 2000 });

describe.each(leavings)("a client that leaves $name, $how", ({ fault, stream }) => {
  it.each(textWires)("of %s: the backend is cancelled and nobody else is asked", async (wire) => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(fault);
    const leaving = new AbortController();
    const asked = gateway.say(wire, { model: "sonnet", stream, signal: leaving.signal });
    await leave(hosted, asked, leaving);
    await settled(gateway);
    expect(gateway.receipts[0]?.outcome).toBe("aborted");
    expect(local.requests).toEqual([]);
    expect(hosted.requests).toHaveLength(1);
  });
});

describe.each(upstreams)("$kind on $wire, in the middle of its stream", (upstream) => {
  it.each(textWires)("is cancelled when its client of %s leaves", async (client) => {
    const { backend, gateway } = await startStack({ backend: { kind: upstream.kind } }, ({ backend }) => ({
      config: {
        agents: { defaults: { model: `${upstream.kind}/${upstream.model}` } },
        models: { providers: { [upstream.kind]: { baseUrl: backend.baseUrl, apiKey: "k", wires: [upstream.wire] } } },
      },
    }));
    backend.fail({ kind: "endless", delayMs: 1 });
    const leaving = new AbortController();
    await leave(backend, gateway.say(client, { stream: true, signal: leaving.signal }), leaving);
    await settled(gateway);
    expect(gateway.receipts[0]?.outcome).toBe("aborted");
  });
});

describe("from the client's leaving to the backend's cancellation", () => {
  it.each([
    ["streamed", { kind: "hang-after", outputs: 1 }, true],
    ["streamed, before any output", { kind: "hang" }, true],
    ["whole", { kind: "hang" }, false],
  ] as const)("%s: it mostly takes less than 100 ms", async (_, fault, stream) => {
    const { hosted, gateway } = await startHybrid();
    const times: number[] = [];
    for (let round = 0; round < 7; round++) {
      hosted.reset();
      hosted.fail(fault);
      const leaving = new AbortController();
      times.push(await leave(hosted, gateway.say("chat", { stream, signal: leaving.signal }), leaving));
    }
    // The middle one: a busy machine may hold up any single round.
    expect(times.sort((a, b) => a - b)[3]).toBeLessThan(100);
  });
});

describe("a client that leaves while a backend is given time", () => {
  it.each([
    ["streamed", true],
    ["whole", false],
  ])("%s: ends the wait at once, and the backend is not asked again", async (_, stream) => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "status", status: 529, headers: { "retry-after": "5" } });
    const leaving = new AbortController();
    const asked = gateway.say("chat", { model: "opus", stream, signal: leaving.signal }).catch(() => undefined);
    await hosted.waitFor(({ finished }) => finished);
    leaving.abort();
    await asked;
    await settled(gateway);
    expect(gateway.receipts[0]).toMatchObject({ outcome: "aborted", attempts: [{ outcome: "overloaded" }] });
    expect(hosted.requests).toHaveLength(1);
  });
});

describe("a client that has left before it was asked for", () => {
  it("costs no backend anything", async () => {
    const { hosted, local, gateway } = await startHybrid();
    const left = AbortSignal.abort();
    const asked = gateway.router.fetch(`${gateway.origin}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(dialects.chat.writeRequest(hello, "sonnet", true)),
      headers: { "content-type": "application/json" },
      signal: left,
    });
    await expect(asked).rejects.toThrow(/abort/i);
    expect([...hosted.requests, ...local.requests]).toEqual([]);
  });
});

describe("a client that closes right after the last frame", () => {
  it.each(textWires)("of %s: has had a whole answer, and the receipt says so", async (wire) => {
    const { gateway } = await startHybrid();
    const dialect = dialects[wire];
    const body = JSON.stringify(dialect.writeRequest(hello, "sonnet", true));
    await new Promise<void>((resolve, reject) => {
      const headers = { ...dialect.headers, "content-type": "application/json" };
      const asking = request(gateway.origin + dialect.path, { method: "POST", headers }, (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (chunk: string) => {
          text += chunk;
          if (!/\[DONE\]|event: (response\.completed|message_stop)\n.*\n\n/.test(text)) return;
          reply.destroy();
          resolve();
        });
        reply.on("error", reject);
      });
      asking.on("error", reject);
      asking.end(body);
    });
    await settled(gateway);
    expect(gateway.receipts[0]?.outcome).toBe("ok");
  });
});

describe("after many requests of every fate", () => {
  it("no exchange and no connection is left behind", async () => {
    const { hosted, local, gateway } = await startHybrid({
      settings: { "models.providers.anthropic.timeouts": { firstOutput: "30ms", whole: "30ms", idle: "30ms" } },
    });
    const fates: readonly Fault[] = [
      { kind: "none" },
      { kind: "status", status: 500 },
      { kind: "hang" },
      { kind: "hang-after", outputs: 1 },
      { kind: "cut-after", outputs: 1 },
      { kind: "cut-before-headers" },
      { kind: "error-frame", outputs: 1 },
      { kind: "empty" },
      { kind: "garbage" },
      { kind: "hang-after", outputs: 0 },
    ];
    const asking = Array.from({ length: 90 }, (_, index) => {
      hosted.failNext(fates[index % fates.length] ?? { kind: "none" });
      const conversation = { turns: [{ role: "user" as const, text: `number ${index}.` }] };
      const leaving = new AbortController();
      const isThis = ({ text }: { readonly text: string }): boolean => text.includes(`number ${index}.`);
      // Whoever is asked: after so many failures the hosted one is left alone.
      if (index % 4 === 0)
        void Promise.any([hosted, local].map((one) => one.waitFor(isThis))).then(() => leaving.abort());
      const wire = textWires[index % 3] ?? "chat";
      return gateway
        .say(wire, { model: "sonnet", stream: index % 2 === 0, conversation, signal: leaving.signal })
        .catch(() => undefined);
    });
    await Promise.all(asking);
    await nothingLeft([hosted, local]);
    await vi.waitFor(() => expect(gateway.receipts).toHaveLength(90), { interval: 5, timeout: 2000 });
    await gateway.close();
    await vi.waitFor(() => expect([hosted.openConnections, local.openConnections]).toEqual([0, 0]), { interval: 2 });
  });
});
