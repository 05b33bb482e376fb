import { textWires } from "@headgate/wire";
import { describe, expect, it, vi } from "vitest";
import { hostedGreeting, receiptsOf } from "./harness/cold.ts";
import { dialects } from "./harness/dialects/index.ts";
import { startStack } from "./harness/stack.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const second = 1000;
const local = "llama/my-local-model";
const hosted = "anthropic/claude-sonnet-4-5";

/** A llama.cpp that still loads its model, and a hosted one behind it. */
async function start(coldStart?: string, timeouts: object = {}) {
  const clock = createVirtualClock();
  const stack = await startStack(
    { llama: { kind: "openai-compatible" }, hosted: { kind: "anthropic" } },
    (backends) => ({
      clock,
      config: {
        models: {
          providers: {
            llama: { baseUrl: backends.llama.baseUrl, timeouts },
            anthropic: { baseUrl: backends.hosted.baseUrl, apiKey: "k" },
          },
        },
        routes: { both: { primary: local, fallbacks: [hosted], ...(coldStart && { coldStart }) } },
      },
    }),
  );
  stack.llama.loads.hold();
  return { ...stack, clock };
}

type Started = Awaited<ReturnType<typeof start>>;

const looks = ({ llama }: Started) => llama.requests.filter(({ path }) => path === "/v1/models").length;

/** Lets seconds pass until this holds. */
const passUntil = ({ clock }: Started, holds: () => boolean) =>
  vi.waitFor(
    async () => {
      await clock.pass(second);
      expect(holds()).toBe(true);
    },
    { interval: 2, timeout: 5000 },
  );

describe("a server that still loads its model", () => {
  it.each(textWires)("is waited for, and then asked (%s)", async (wire) => {
    const started = await start();
    let status = 0;
    const asked = started.gateway.say(wire, { model: "both" }).then((reply) => {
      ({ status } = reply);
      return reply;
    });
    await passUntil(started, () => looks(started) > 2);
    expect(status).toBe(0);
    started.llama.loads.release();
    await passUntil(started, () => status !== 0);
    const reply = await asked;
    expect(reply.headers["x-headgate-attempts"]).toBe(`${local}:model_loading,${local}:ok`);
    const [receipt] = await receiptsOf(started.gateway, 1);
    expect(receipt?.attempts.map(({ loading }) => loading)).toEqual([undefined, expect.any(Number)]);
  });

  it("is waited for by all with the same looks, and under the load clock", async () => {
    const started = await start(undefined, { load: "30s" });
    const asked = [1, 2, 3, 4, 5].map(() => started.gateway.say("chat", { model: local }));
    await started.llama.waitFor(({ path }) => path === "/v1/models");
    await passUntil(started, () => started.gateway.receipts.length === asked.length);
    for (const reply of await Promise.all(asked)) expect(reply.status).toBe(504);
    expect(looks(started)).toBeLessThanOrEqual(31);
    for (const { attempts } of started.gateway.receipts) {
      expect(attempts.at(-1)).toMatchObject({ outcome: "timeout", clock: "load" });
    }
  });

  it("that dies meanwhile keeps nobody waiting", async () => {
    const started = await start();
    const asked = started.gateway.say("chat", { model: "both" });
    await started.llama.waitFor(({ path }) => path === "/v1/models");
    await started.llama.refuse();
    await passUntil(started, () => started.gateway.receipts.length > 0);
    // Whether its last connection breaks or the next is refused.
    expect((await asked).headers["x-headgate-attempts"]).toMatch(
      new RegExp(`^${local}:model_loading,${local}:(unreachable|model_cold),${hosted}:ok$`),
    );
  });

  it.each(["prefer-warm", "never"])("is passed by on a route whose coldStart is %s", async (coldStart) => {
    const { gateway, llama } = await start(coldStart);
    const reply = await gateway.say("chat", { model: "both" });
    expect(dialects.chat.readWhole(reply.json).text).toBe(hostedGreeting);
    expect(reply.headers["x-headgate-attempts"]).toBe(`${hosted}:ok`);
    expect(llama.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/models"]);
  });
});
