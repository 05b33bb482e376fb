import { describe, expect, it, vi } from "vitest";
import { nothingLeft, startStack } from "../harness/stack.ts";
import { createVirtualClock } from "../harness/virtual-clock.ts";
import { type Operation, operations } from "./outward.ts";

/** A server that has all that can be asked for, and time that stands still. */
const start = (row: object = {}) =>
  startStack(
    { backend: { kind: "vllm", models: [{ id: "writer" }, { id: "embedder", type: "embeddings" }] } },
    ({ backend }) => ({
      clock: createVirtualClock(),
      config: { models: { providers: { vllm: { baseUrl: backend.baseUrl, ...row } } } },
    }),
  );

const bodyOf = ({ path, body }: Operation): object => ({
  ...body,
  model: path === "/v1/embeddings" ? "vllm/embedder" : "vllm/writer",
});

describe("the client leaves, and the GPU goes on, whole answers above all", () => {
  it.each(operations)("does not happen at $path: the backend is cancelled", async (operation) => {
    const { backend, gateway } = await start();
    backend.fail({ kind: "hang" });
    const leaving = new AbortController();
    const asked = gateway.ask(operation.path, { body: bodyOf(operation), signal: leaving.signal });
    await backend.waitFor(({ method }) => method === "POST");
    const closed = backend.nextClose();
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await closed;
    await nothingLeft([backend]);
    expect(backend.requests).toHaveLength(1);
  });
});

describe("a server that takes one at a time is asked for more on another path", () => {
  it.each(operations)("does not happen at $path: it waits for its turn as all do", async (operation) => {
    const { backend, gateway } = await start({ concurrency: { max: 1 } });
    backend.failNext({ kind: "hang" });
    const leaving = new AbortController();
    const held = gateway.say("chat", { model: "vllm/writer", signal: leaving.signal });
    await backend.waitFor(({ method }) => method === "POST");
    const next = gateway.ask(operation.path, { body: bodyOf(operation) });
    const slots = gateway.router.providers.get("vllm")?.traffic.slots;
    await vi.waitFor(() => expect(slots?.waiting).toBe(1), { interval: 2, timeout: 5000 });
    expect(backend.requests).toHaveLength(1);
    leaving.abort();
    await expect(held).rejects.toThrow();
    expect((await next).status).toBe(200);
    expect(backend.requests).toHaveLength(2);
  });
});
