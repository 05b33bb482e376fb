import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Reply } from "./harness/ask.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Gateway, hello, startGateway } from "./harness/gateway.ts";
import { type BytesBackend, type ScriptedBytes, startBytes } from "./harness/scripted-bytes.ts";
import { createVirtualClock, type VirtualClock } from "./harness/virtual-clock.ts";

const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "some-model" };
const frame = (data: object): string => `data: ${JSON.stringify({ ...head, ...data })}\n\n`;
const chunk = (delta: object, reason: string | null = null, index = 0): string =>
  frame({ choices: [{ index, delta, finish_reason: reason }] });
const usage = frame({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } });
const words = [chunk({ role: "assistant", content: "Hel" }), chunk({ content: "lo." })];
const finish = chunk({}, "stop");

interface Stage {
  readonly backend: BytesBackend;
  readonly gateway: Gateway;
  readonly clock: VirtualClock;
}

/** A backend of chat that never closes. */
async function start(writes: ScriptedBytes["writes"]): Promise<Stage> {
  const backend = await startBytes({ writes, staysOpen: true });
  const clock = createVirtualClock();
  const gateway = await startGateway({
    clock,
    config: {
      agents: { defaults: { model: "openai/some-model" } },
      models: { providers: { openai: { baseUrl: backend.baseUrl, apiKey: "sk-backend", wires: ["chat"] } } },
    },
  });
  onTestFinished(() => gateway.close());
  return { backend, gateway, clock };
}

interface Asked {
  readonly reply: Promise<Reply>;
  ended: boolean;
}

function ask({ gateway }: Stage, client: TextWire, more: object = {}): Asked {
  const { path, headers, writeRequest } = dialects[client];
  const reply = gateway.ask(path, { headers, body: { ...writeRequest(hello, undefined, true), ...more } });
  const asked: Asked = { reply, ended: false };
  void reply.finally(() => {
    asked.ended = true;
  });
  return asked;
}

/** Lets time pass, a little at a time: what the backend has written has to be read in between. */
async function pass({ clock }: Stage, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    await clock.pass(100);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Milliseconds within which a client has its end once the backend has said why its answer ended. */
const grace = 2000;

describe.each(textWires)(
  "an answer of chat that has ended, without a mark and without a close, to a client of %s",
  (client) => {
    it.each([
      ["with its usage", [...words, finish, usage], { outputTokens: 2 }],
      ["without", [...words, finish], undefined],
      ["with all in one write", [[...words, finish, usage].join("")], { outputTokens: 2 }],
      ["with its finish beside the last word", [...words.slice(0, 1), chunk({ content: "lo." }, "stop")], undefined],
    ])("ends soon, in good order, %s", async (_, writes, counted) => {
      const stage = await start(writes);
      const asked = ask(stage, client);
      await stage.backend.said;
      await pass(stage, grace);
      expect(asked.ended).toBe(true);
      const reply = await asked.reply;
      expect(reply.broken).toBe(false);
      expect(dialects[client].readStream(reply.events)).toMatchObject({ text: "Hello.", finish: "stop" });
      expect(reply.events.filter(({ data }) => data === "[DONE]")).toHaveLength(client === "messages" ? 0 : 1);
      expect(reply.events.filter(dialects[client].isTerminal)).toHaveLength(1);
      if (client === "chat") expect(reply.text).toBe(`${writes.join("")}data: [DONE]\n\n`);
      expect(stage.gateway.receipts).toMatchObject([
        { outcome: "ok", ...(counted === undefined ? {} : { usage: counted }), attempts: [{ outcome: "ok" }] },
      ]);
      await stage.backend.left;
    });

    it("is waited for while it has not said why it ended", async () => {
      const more = Promise.withResolvers<void>();
      const stage = await start([...words, more.promise, finish, "data: [DONE]\n\n"]);
      const asked = ask(stage, client);
      await vi.waitFor(() => expect(stage.backend.bodies).toHaveLength(1));
      await pass(stage, 10 * grace);
      expect(asked.ended).toBe(false);
      more.resolve();
      expect((await asked.reply).broken).toBe(false);
    });

    it("gets its usage where that takes a moment", async () => {
      const more = Promise.withResolvers<void>();
      const stage = await start([...words, finish, more.promise, usage]);
      const asked = ask(stage, client);
      await vi.waitFor(() => expect(stage.backend.bodies).toHaveLength(1));
      await pass(stage, 500);
      expect(asked.ended).toBe(false);
      more.resolve();
      await stage.backend.said;
      await pass(stage, grace);
      expect((await asked.reply).broken).toBe(false);
      expect(stage.gateway.receipts).toMatchObject([{ outcome: "ok", usage: { outputTokens: 2 } }]);
    });

    it.each([
      ["an empty reason in every chunk", chunk({ content: "lo" }, "")],
      ["a reason too early", `${chunk({ content: "l" }, "stop")}${chunk({ content: "o" })}`],
    ])("is not taken for one that has ended by %s", async (_, early) => {
      const more = Promise.withResolvers<void>();
      const stage = await start([
        words[0] ?? "",
        early,
        more.promise,
        chunk({ content: "." }),
        finish,
        "data: [DONE]\n\n",
      ]);
      const asked = ask(stage, client);
      await vi.waitFor(() => expect(stage.backend.bodies).toHaveLength(1));
      await pass(stage, 5 * grace);
      expect(asked.ended).toBe(false);
      more.resolve();
      const reply = await asked.reply;
      expect(reply.broken).toBe(false);
      expect(dialects[client].readStream(reply.events)).toMatchObject({ text: "Hello.", finish: "stop" });
    });

    it("is broken off as before where it falls silent without a reason", async () => {
      const stage = await start(words);
      const asked = ask(stage, client);
      await stage.backend.said;
      await pass(stage, 121_000);
      expect((await asked.reply).broken).toBe(true);
      expect(stage.gateway.receipts).toMatchObject([{ outcome: "failed", failure: { kind: "timeout" } }]);
    });
  },
);

describe("several answers of chat, one of which has ended", () => {
  it("are waited for", async () => {
    const more = Promise.withResolvers<void>();
    const rest = [chunk({ content: "!" }, null, 1), chunk({}, "stop", 1), "data: [DONE]\n\n"];
    const stage = await start([chunk({ content: "Two" }, null, 1), ...words, finish, more.promise, ...rest]);
    const asked = ask(stage, "chat", { n: 2 });
    await vi.waitFor(() => expect(stage.backend.bodies).toHaveLength(1));
    await pass(stage, 5 * grace);
    expect(asked.ended).toBe(false);
    more.resolve();
    const reply = await asked.reply;
    expect(reply.broken).toBe(false);
    expect(reply.text.endsWith(rest.join(""))).toBe(true);
  });
});
