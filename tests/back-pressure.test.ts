import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { hello, startGateway } from "./harness/gateway.ts";
import { openRaw } from "./harness/raw.ts";
import { talk } from "./harness/web-socket.ts";

const frame = `data: ${JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, delta: { role: "assistant", content: "x".repeat(32_768) }, finish_reason: null }],
})}\n\n`;

/** A backend that never stops, and counts what has left its hands. */
async function startFountain() {
  const state = { written: 0, closed: false };
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.on("close", () => {
      state.closed = true;
    });
    const pour = (): void => {
      while (!response.destroyed) {
        state.written += frame.length;
        if (!response.write(frame)) return;
      }
    };
    response.on("drain", pour);
    pour();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { state, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What has been written once nothing more is for a while. */
async function settled(state: { readonly written: number }): Promise<number> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = state.written;
      const still = now > 0 && now === before;
      before = now;
      expect(still).toBe(true);
    },
    { interval: 100, timeout: 10_000 },
  );
  return before;
}

describe("a client that stops reading", () => {
  it.each(["chat", "responses", "messages"] as const)(
    "of %s stops the backend: nothing piles up in between",
    async (wire) => {
      const { state, origin } = await startFountain();
      const gateway = await startGateway({
        config: { models: { providers: { local: { baseUrl: origin, api: "openai-completions" } } } },
      });
      onTestFinished(() => gateway.close());
      const connection = openRaw(gateway.port);
      const body = JSON.stringify(dialects[wire].writeRequest(hello, "local/m", true));
      connection.socket.pause();
      connection.send(
        `POST ${dialects[wire].path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const piled = await settled(state);
      // The sockets' own buffers, and little more.
      expect(piled).toBeLessThan(24 * 2 ** 20);
      connection.socket.resume();
      await vi.waitFor(() => expect(state.written).toBeGreaterThan(piled), { interval: 5, timeout: 10_000 });
      connection.close();
      await vi.waitFor(() => expect(state.closed).toBe(true), { interval: 5 });
      expect(gateway.faults).toEqual([]);
    },
  );

  it("of a WebSocket does, too", async () => {
    const { state, origin } = await startFountain();
    const gateway = await startGateway({
      config: { models: { providers: { local: { baseUrl: origin, api: "openai-completions" } } } },
    });
    onTestFinished(() => gateway.close());
    const { socket, create } = await talk(gateway);
    socket.pause();
    create({ model: "local/m", input: "hello" });
    const piled = await settled(state);
    expect(piled).toBeLessThan(24 * 2 ** 20);
    socket.resume();
    await vi.waitFor(() => expect(state.written).toBeGreaterThan(piled), { interval: 5, timeout: 10_000 });
    socket.close();
    await vi.waitFor(() => expect(state.closed).toBe(true), { interval: 5 });
    expect(gateway.faults).toEqual([]);
  });
});
