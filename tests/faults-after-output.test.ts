import type { Fault } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { type Upstream, upstreams } from "./harness/backends.ts";
import { dialects } from "./harness/dialects/index.ts";
import { type Stack, startStack } from "./harness/stack.ts";

const faults: readonly { name: string; fault: Fault; kind: string }[] = [
  { name: "is cut", fault: { kind: "cut-after", outputs: 2 }, kind: "bad_answer" },
  { name: "ends cleanly without its last frames", fault: { kind: "end-after", outputs: 2 }, kind: "bad_answer" },
  { name: "says nothing more", fault: { kind: "hang-after", outputs: 2 }, kind: "timeout" },
  { name: "says that it broke down", fault: { kind: "error-frame", outputs: 2 }, kind: "" },
];

/** The one that starts to answer, and one that stands by. */
const start = ({ kind, wire, model }: Upstream, idle = "1m"): Promise<Stack<"first" | "spare">> =>
  startStack({ first: { kind }, spare: { kind: "openai-compatible" } }, ({ first, spare }) => ({
    config: {
      agents: { defaults: { model: { primary: `${kind}/${model}`, fallbacks: ["local/my-local-model"] } } },
      models: {
        providers: {
          [kind]: { baseUrl: first.baseUrl, apiKey: "sk-first", wires: [wire], timeouts: { idle } },
          local: { baseUrl: spare.baseUrl },
        },
      },
    },
  }));

const spoken = ["One ", "two ", "three ", "four."];

describe.each(upstreams)("$kind on $wire breaks off after its first output", (upstream) => {
  describe.each(faults)("it $name", ({ fault, kind }) => {
    it.each(textWires)("a client of %s sees an error and a cut, and no other model's words", async (client) => {
      const { first, spare, gateway } = await start(upstream, fault.kind === "hang-after" ? "100ms" : "1m");
      first.answer({ text: spoken });
      first.fail(fault);
      const reply = await gateway.say(client, { stream: true });
      const dialect = dialects[client];
      expect(reply.status).toBe(200);
      expect(reply.broken).toBe(true);
      expect(dialect.readStream(reply.events).text).toBe("One two ");
      if (ownWords(upstream, client, fault)) expect(reply.text).toContain('"error":');
      else {
        expect(dialect.readStreamError(reply.events)?.message).toMatch(/\w/);
        expect(reply.events.some(dialect.isTerminal)).toBe(false);
      }
      expect(spare.requests).toEqual([]);
      expect(first.requests).toHaveLength(1);
      const [receipt] = gateway.receipts;
      expect(receipt).toMatchObject({ outcome: "failed", attempts: [{ outcome: "ok" }] });
      expect(receipt?.failure?.message).toMatch(/\w/);
      if (kind !== "") expect(receipt?.failure?.kind).toBe(kind);
    });
  });
});

const ownShapes: ReadonlySet<Upstream["kind"]> = new Set(["lmstudio", "openai-compatible", "vllm", "openrouter"]);

/** The error event of an exact backend goes through as it is: some have shapes of their own. */
const ownWords = ({ exact, wire, kind }: Upstream, client: TextWire, fault: Fault): boolean =>
  exact && wire === client && fault.kind === "error-frame" && ownShapes.has(kind);

describe("a backend that breaks off once", () => {
  it.each(textWires)(
    "is asked again by the next request of a client of %s: nothing of it is remembered",
    async (client) => {
      const { first, gateway } = await start({
        kind: "lmstudio",
        wire: "chat",
        exact: true,
        model: "minimax-m2.1-gs32",
      });
      first.failNext({ kind: "cut-after", outputs: 1 });
      await gateway.say(client, { stream: true });
      const reply = await gateway.say(client, { stream: true });
      expect(reply.headers["x-headgate-attempts"]).toBe("lmstudio/minimax-m2.1-gs32:ok");
      expect(reply.broken).toBe(false);
    },
  );
});

describe("what follows the proper end", () => {
  it.each(upstreams)("a cut after the last frame of $kind on $wire breaks nothing", async (upstream) => {
    const { first, gateway } = await start(upstream);
    first.fail({ kind: "cut-after", frames: 1000 });
    const reply = await gateway.say("chat", { stream: true });
    expect(reply.events.at(-1)?.data).toBe("[DONE]");
    expect(gateway.receipts[0]?.outcome).toBe("ok");
  });
});
