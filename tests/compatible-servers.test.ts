import { readFileSync } from "node:fs";
import { type TextWire, textWires } from "@headgate/wire";
import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import { startGateway } from "./harness/gateway.ts";
import { at } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const readme = readFileSync(new URL("../packages/provider-openai-compatible/README.md", import.meta.url), "utf8");

/** The configs that the page shows. */
const shown = [...readme.matchAll(/```json5\n([\s\S]*?)```/g)].map(([, text = ""]) => JSON5.parse(text) as object);
const rows = at(shown.at(-1), "models", "providers") as Readonly<Record<string, object>>;

const forms = [
  ["streamed", true],
  ["whole", false],
] as const;
const everyWay = textWires.flatMap((client) =>
  forms.map(([form, stream]): [TextWire, string, boolean] => [client, form, stream]),
);

const startLlama = () =>
  startStack(
    { llama: { kind: "openai-compatible", server: "llama.cpp", models: [{ id: "loaded" }] } },
    ({ llama }) => ({
      config: { models: { providers: { llamacpp: { baseUrl: llama.baseUrl, models: [{ id: "another" }] } } } },
    }),
  );

describe("the rows of the page", () => {
  it("load without a problem, each with its server and place", async () => {
    expect(Object.keys(rows)).toEqual(["llamacpp", "ollama", "sglang", "tgi", "webui", "proxy"]);
    for (const config of shown) {
      const gateway = await startGateway({ config, environment: { OAI_PROXY_KEY: "sk-proxy" } });
      expect(gateway.router.problems).toEqual([]);
      await gateway.close();
    }
  });

  it.each(Object.keys(rows))("%s is all that it takes for an answer", async (id) => {
    const row = rows[id] as { readonly baseUrl: string; readonly models: readonly { readonly id: string }[] };
    const model = row.models[0]?.id ?? "";
    const { pathname } = new URL(row.baseUrl);
    const { server, gateway } = await startStack(
      { server: { kind: "openai-compatible", models: [{ id: model }], key: "sk-proxy" } },
      (started) => ({
        // A proxy's own path is kept; the simulated server has none.
        config: {
          models: {
            providers: {
              [id]: {
                ...row,
                apiKey: "sk-proxy",
                baseUrl: started.server.origin + pathname.replace(/.*(?=\/v1$)/, ""),
              },
            },
          },
        },
      }),
    );
    const reply = await gateway.say("chat", { model: `${id}/${model}` });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${id}/${model}:ok`);
    expect(reply.headers["x-headgate-place"]).toBe("place" in row ? "us" : "local");
    expect(server.requests[0]).toMatchObject({ path: "/v1/chat/completions", model });
  });
});

describe("llama.cpp with one model", () => {
  it.each(everyWay)("is noticed to answer %s with it whatever is asked for, %s", async (client, _form, stream) => {
    const { gateway } = await startLlama();
    const reply = await gateway.say(client, { model: "llamacpp/another", stream });
    expect(reply.status).toBe(200);
    const warning = "asked for another, loaded answered";
    expect(gateway.receipts[0]).toMatchObject({ servedModel: "loaded", warnings: [warning] });
    // Its stream of Responses names no model until its end (0.5.0), when the headers are gone.
    const isLate = client === "responses" && stream;
    expect(decodeURIComponent(reply.headers["x-headgate-warnings"] ?? "")).toBe(isLate ? "" : warning);
  });

  it("is not warned of where the name is the one that is loaded", async () => {
    const { gateway } = await startLlama();
    const reply = await gateway.say("chat", { model: "llamacpp/loaded" });
    expect(reply.headers["x-headgate-warnings"]).toBeUndefined();
  });

  it.each(everyWay)(
    "that still loads its model is model_loading to a client of %s, %s",
    async (client, _form, stream) => {
      const { llama, gateway } = await startLlama();
      llama.loads.hold();
      const waiting = gateway.say(client, { model: "llamacpp/loaded", stream });
      await llama.waitFor(({ wire }) => wire !== undefined);
      llama.loads.release();
      const reply = await waiting;
      expect(reply.status).toBe(200);
      expect(gateway.receipts[0]?.attempts.map(({ outcome }) => outcome)).toEqual(["model_loading", "ok"]);
    },
  );

  it("says that a prompt is too long, with both sizes", async () => {
    const { gateway } = await startStack(
      { llama: { kind: "openai-compatible", server: "llama.cpp", models: [{ id: "small", contextWindow: 8 }] } },
      ({ llama }) => ({
        config: {
          models: {
            providers: { llamacpp: { baseUrl: llama.baseUrl, models: [{ id: "small", contextWindow: 10_000 }] } },
          },
        },
      }),
    );
    const conversation = { turns: [{ role: "user", text: "word ".repeat(20) }] } as const;
    const reply = await gateway.say("chat", { model: "llamacpp/small", conversation });
    expect(reply.status).toBe(400);
    expect(gateway.receipts[0]?.attempts[0]).toMatchObject({ outcome: "context_overflow" });
  });
});
