import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { upstreams } from "../harness/backends.ts";
import { cold, startCold } from "../harness/cold.ts";
import type { Conversation } from "../harness/dialects/index.ts";
import { at, listAt } from "../harness/json.ts";
import { startStack } from "../harness/stack.ts";

const long: Conversation = { turns: [{ role: "user", text: "word ".repeat(16_000) }] };

describe("a window that the config names is ignored for a larger one that the server tells, or a guess", () => {
  it.each(textWires)("does not happen to a client of %s: what does not fit goes where it does", async (client) => {
    const { lmstudio, gateway } = await startStack(
      {
        lmstudio: { kind: "lmstudio", models: [{ id: "m", contextWindow: 131_072 }] },
        far: { kind: "openai-compatible" },
      },
      (backends) => ({
        config: {
          agents: { defaults: { model: { primary: "lmstudio/m", fallbacks: ["far/my-local-model"] } } },
          models: {
            providers: {
              lmstudio: { baseUrl: backends.lmstudio.baseUrl, models: [{ id: "m", contextWindow: 8_000 }] },
              far: { baseUrl: backends.far.baseUrl },
            },
          },
        },
      }),
    );
    const reply = await gateway.say(client, { conversation: long });
    expect(reply.headers["x-headgate-attempts"]).toBe("far/my-local-model:ok");
    expect(lmstudio.requests).toEqual([]);
    expect((await gateway.ask("/v1/models/lmstudio/m")).json).toMatchObject({ context_length: 8_000 });
  });
});

describe("a window is sent as the limit of the answer", () => {
  it.each(upstreams)("does not happen at $kind on $wire", async ({ kind, wire, model }) => {
    const contextWindow = 196_613;
    const { backend, gateway } = await startStack({ backend: { kind } }, ({ backend }) => {
      const row = { baseUrl: backend.baseUrl, apiKey: "k", wires: [wire], models: [{ id: model, contextWindow }] };
      return { config: { models: { providers: { [kind]: row } } } };
    });
    for (const client of textWires) {
      expect((await gateway.say(client, { model: `${kind}/${model}` })).status).toBe(200);
      expect(backend.requests.at(-1)?.text).not.toContain(String(contextWindow));
    }
  });
});

describe("a load takes more memory than the user has given the model", () => {
  it.each([
    ["/v1/chat/completions", { messages: [{ role: "user", content: "hi" }] }],
    ["/v1/embeddings", { input: "hi" }],
  ])("does not happen at %s: whoever loads says no size, and the server's own setting counts", async (path, body) => {
    const type = path === "/v1/embeddings" ? "embeddings" : "llm";
    const { gateway, local } = await startCold({
      local: { models: [{ id: "cold", loaded: false, type }] },
      row: { models: [{ id: "cold", contextWindow: 1_000_000 }] },
    });
    expect((await gateway.ask(path, { body: { ...body, model: cold } })).status).toBe(200);
    expect(local.loads.begun).toEqual(["cold"]);
    for (const { text } of local.requests) expect(text).not.toMatch(/context_length|num_ctx|n_ctx|1000000/);
  });
});

describe("a cold model is missing from the list, and clients that look first never ask for it", () => {
  it("does not happen: it is listed, and answers when it is asked for", async () => {
    const { gateway } = await startCold({ row: { models: [{ id: "cold" }] } });
    const listed = listAt((await gateway.ask("/v1/models")).json, "data").map((model) => at(model, "id"));
    expect(listed).toContain(cold);
    expect((await gateway.ask(`/v1/models/${cold}`)).status).toBe(200);
    expect((await gateway.say("chat", { model: cold })).status).toBe(200);
  });
});

describe("of two servers of one kind the small one gets what is meant for the large one", () => {
  it.each(["small", "large"] as const)("does not happen: %s gets its own, though both have the model", async (name) => {
    const { small, large, gateway } = await startStack(
      { small: { kind: "lmstudio" }, large: { kind: "lmstudio" } },
      (backends) => ({
        config: {
          models: {
            providers: { small: { baseUrl: backends.small.baseUrl }, large: { baseUrl: backends.large.baseUrl } },
          },
        },
      }),
    );
    for (const wire of textWires) await gateway.say(wire, { model: `${name}/minimax-m2.1-gs32` });
    const asked = { small, large };
    expect(asked[name].requests).toHaveLength(textWires.length);
    expect(asked[name === "small" ? "large" : "small"].requests).toEqual([]);
  });
});
