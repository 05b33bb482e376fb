import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Fault, faults } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { readConfig } from "./harness/configs.ts";
import { type Conversation, dialects } from "./harness/dialects/index.ts";
import { hostedGreeting, localGreeting, minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";
import { at, textAt } from "./harness/json.ts";
import { startStack } from "./harness/stack.ts";

const shapes = textWires.flatMap((wire) => [
  { wire, stream: true, how: `${wire}, streamed` },
  { wire, stream: false, how: `${wire}, whole` },
]);

describe("the four files", () => {
  it.each([
    ["hybrid-hosted-first", "67a833468e031777c70ac24489e10b1a0f60eee3475a195c5dc7448804dc5706"],
    ["local-first", "bd3024344bbe0d6827b7fbcd6b622babba316e4c947e7de7874b562689f97c7c"],
    ["lmstudio", "053f674328479ea8a636e8f23ee1dc570f69da9a36f535225cf5466cac439e69"],
    ["openai-compatible", "4e7447b40103d90343a13571cab3034ef3b8779fab63a52f6382bdad7fb18943"],
  ] as const)("%s loads word for word, and without a problem", async (file, digest) => {
    const text = readFileSync(new URL(`configs/${file}.json5`, import.meta.url));
    expect(createHash("sha256").update(text).digest("hex")).toBe(digest);
    const { gateway } = await startStack({ any: { kind: "lmstudio" } }, () => ({
      config: readConfig(file),
      environment: { ANTHROPIC_API_KEY: "sk-ant-test" },
    }));
    expect(gateway.router.problems).toEqual([]);
  });
});

/** A name, the refs it stands for in the hosted-first file, and whether it is the route. */
const names: readonly [name: string, refs: readonly string[]][] = [
  ["Sonnet", [sonnet, minimax, opus]],
  ["sonnet", [sonnet, minimax, opus]],
  ["SONNET", [sonnet, minimax, opus]],
  ["default", [sonnet, minimax, opus]],
  ["Default", [sonnet, minimax, opus]],
  ["", [sonnet, minimax, opus]],
  ["opus", [opus]],
  ["Opus", [opus]],
  ["minimax local", [minimax]],
  ["MiniMax Local", [minimax]],
  ["MINIMAX LOCAL", [minimax]],
  ["minimax-m2.1-gs32", [minimax]],
  [sonnet, [sonnet]],
  [minimax, [minimax]],
  ["lmstudio/another", ["lmstudio/another"]],
];

describe("hybrid-hosted-first", () => {
  it.each(names)("answers to %j", async (name, refs) => {
    const { gateway } = await startHybrid();
    const reply = await gateway.say("chat", name === "" ? {} : { model: name });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${refs[0]}:ok`);
    expect(reply.headers["x-headgate-requested"]).toBe(name === "" ? undefined : name.replaceAll(" ", "%20"));
    expect(gateway.receipts[0]?.candidates.map(({ ref }) => ref)).toEqual(refs);
  });

  it.each(shapes)("is served by the hosted model first ($how)", async ({ wire, stream }) => {
    const { hosted, local, gateway } = await startHybrid();
    const reply = await gateway.say(wire, { stream });
    const { readStream, readWhole } = dialects[wire];
    expect((stream ? readStream(reply.events) : readWhole(reply.json)).text).toBe(hostedGreeting);
    expect(hosted.requests).toHaveLength(1);
    expect(local.requests).toEqual([]);
  });

  it.each(shapes)("asks the local model on the wire that its row names ($how)", async ({ wire, stream }) => {
    const { local, gateway } = await startHybrid();
    await gateway.say(wire, { stream, model: "minimax local" });
    expect(local.requests).toMatchObject([
      { path: "/v1/responses", model: "minimax-m2.1-gs32", stream, headers: { authorization: "Bearer lmstudio" } },
    ]);
  });

  it.each(shapes)(
    "without ANTHROPIC_API_KEY the local model serves, and it is said why ($how)",
    async ({ wire, stream }) => {
      const { hosted, local, gateway } = await startHybrid({ environment: {} });
      const reply = await gateway.say(wire, { stream, model: "Sonnet" });
      expect(reply).toMatchObject({ status: 200, headers: { "x-headgate-attempts": `${minimax}:ok` } });
      expect(gateway.receipts[0]?.candidates).toMatchObject([
        { ref: sonnet, skipped: expect.stringContaining("ANTHROPIC_API_KEY is not set") },
        { ref: minimax },
        { ref: opus, skipped: expect.stringContaining("ANTHROPIC_API_KEY is not set") },
      ]);
      expect(gateway.router.explain("sonnet")).toMatchObject({
        candidates: [{ skipped: expect.stringContaining("ANTHROPIC_API_KEY") }, { ref: minimax }, {}],
      });
      expect((await gateway.ask("/health")).json).toMatchObject({
        providers: expect.arrayContaining([{ id: "anthropic", status: "disabled" }]),
      });
      expect(hosted.requests).toEqual([]);
      expect(local.requests).toHaveLength(1);
    },
  );

  it("without ANTHROPIC_API_KEY a model of Anthropic's alone is an error that names the variable", async () => {
    const { hosted, gateway } = await startHybrid({ environment: { ANTHROPIC_API_KEY: "" } });
    const reply = await gateway.say("messages", { model: "opus" });
    expect(reply.status).toBe(503);
    expect(dialects.messages.readError(reply.json)?.message).toContain("ANTHROPIC_API_KEY is not set");
    expect(hosted.requests).toEqual([]);
  });

  it("skips the local model for an image, which its row does not take", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail({ ...faults.anthropic.overloaded(), match: { model: "claude-sonnet-4-5" } });
    const source = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
    const body = {
      model: "sonnet",
      max_tokens: 10,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source },
            { type: "text", text: "What is it?" },
          ],
        },
      ],
    };
    const reply = await gateway.ask("/v1/messages", { body, headers: dialects.messages.headers });
    expect(reply.headers["x-headgate-model"]).toBe(opus);
    expect(gateway.receipts[0]?.candidates[1]).toMatchObject({
      ref: minimax,
      skipped: expect.stringContaining("images"),
    });
    expect(local.requests).toEqual([]);
  });

  it("lists its names, routes and models in the shape of whoever asks", async () => {
    const { gateway } = await startHybrid();
    const openai = await gateway.ask("/v1/models");
    const ids = (at(openai.json, "data") as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["Sonnet", "MiniMax Local", "Opus", "default", sonnet, minimax, opus]));
    expect(new Set(ids).size).toBe(ids.length);
    const anthropic = await gateway.ask("/v1/models", { headers: { "anthropic-version": "2023-06-01" } });
    expect(anthropic.json).toMatchObject({
      has_more: false,
      data: expect.arrayContaining([expect.objectContaining({ type: "model", id: "Sonnet" })]),
    });
    expect((await gateway.ask(`/v1/models/${minimax}`)).json).toMatchObject({ id: minimax, context_length: 196_608 });
    expect((await gateway.ask("/v1/models/minimax%20LOCAL")).json).toMatchObject({ id: "MiniMax Local" });
    expect((await gateway.ask("/v1/models/none")).status).toBe(404);
  });
});

/** What LM Studio says when it cannot answer; absent: its port is closed. */
const localFaults: readonly [name: string, fault: Fault | undefined][] = [
  ["refuses", undefined],
  ["has not loaded the model", faults.lmstudio.notLoaded()],
  ["unloads the model", faults.lmstudio.unloaded()],
  ["has no models loaded", faults.lmstudio.noModelsLoaded()],
  ["does not find the model", faults.lmstudio.modelNotFound({ model: "minimax-m2.1-gs32" })],
  ["has no memory for the model", faults.lmstudio.loadFailed()],
  ["crashes", faults.lmstudio.crashed()],
  ["sends an empty stream", faults.lmstudio.emptyStream()],
  ["has no such endpoint, in a 200", faults.lmstudio.unexpectedEndpoint({ path: "/v1/responses" })],
  ["wants a token", faults.lmstudio.unauthenticated()],
  ["has too small a window", faults.lmstudio.contextOverflow()],
  ["says nothing", { kind: "hang" }],
  ["is cut before the first output", { kind: "cut-after", outputs: 0 }],
  ["says 500", { kind: "status", status: 500 }],
  ["says 429", { kind: "status", status: 429, body: { error: "Too many" } }],
  ["sends an error as first event", { kind: "error-frame", frames: 0 }],
];

describe("local-first", () => {
  const start = (fault?: Fault) =>
    startHybrid({
      file: "local-first",
      settings:
        fault?.kind === "hang" ? { "models.providers.lmstudio.timeouts": { firstOutput: "60ms", whole: "60ms" } } : {},
    });

  it.each(shapes)("is served by the local model first ($how)", async ({ wire, stream }) => {
    const { hosted, gateway } = await start();
    const reply = await gateway.say(wire, { stream, model: "minimax LOCAL" });
    const { readStream, readWhole } = dialects[wire];
    expect((stream ? readStream(reply.events) : readWhole(reply.json)).text).toBe(localGreeting);
    expect(gateway.receipts[0]?.route).toBe("default");
    expect(hosted.requests).toEqual([]);
  });

  describe.each(localFaults)("when LM Studio %s", (_, fault) => {
    it.each(shapes)("the hosted model serves ($how)", async ({ wire, stream }) => {
      const { hosted, local, gateway } = await start(fault);
      if (fault === undefined) await local.refuse();
      else local.fail(fault);
      const reply = await gateway.say(wire, { stream });
      const { readStream, readWhole } = dialects[wire];
      expect(reply.headers["x-headgate-model"], reply.text).toBe(sonnet);
      expect((stream ? readStream(reply.events) : readWhole(reply.json)).text).toBe(hostedGreeting);
      expect(reply.headers["x-headgate-attempts"]).toMatch(/^lmstudio\/minimax-m2.1-gs32:\w+,.*sonnet-4-5:ok$/);
      expect(hosted.requests).toHaveLength(1);
    });
  });

  it("falls to the second hosted model when the first fails too, and the hosted alias alone never goes local", async () => {
    const { hosted, local, gateway } = await start();
    hosted.fail({ ...faults.anthropic.forbidden(), match: { model: "claude-sonnet-4-5" } });
    await local.refuse();
    expect((await gateway.say("chat")).headers["x-headgate-model"]).toBe(opus);
    await local.listen();
    expect((await gateway.say("chat", { model: "sonnet" })).status).toBe(502);
    expect(local.requests).toEqual([]);
  });
});

describe("lmstudio", () => {
  const start = () =>
    startStack({ local: { kind: "lmstudio" } }, ({ local }) => ({
      config: readConfig("lmstudio", { "models.providers.lmstudio.baseUrl": local.baseUrl }),
    }));

  it.each(["Minimax", "minimax", "MINIMAX", "default", minimax])("answers to %j", async (model) => {
    const { gateway } = await start();
    expect((await gateway.say("responses", { model })).headers["x-headgate-model"]).toBe(minimax);
  });

  it.each(shapes)("keeps reasoning apart from the final text ($how)", async ({ wire, stream }) => {
    const { local, gateway } = await start();
    local.answer({ reasoning: ["Two ", "and two."], text: "Four." });
    const reply = await gateway.say(wire, { stream });
    const { readStream, readWhole } = dialects[wire];
    expect((stream ? readStream(reply.events) : readWhole(reply.json)).text).toBe("Four.");
    expect(reply.text).toContain("Two ");
  });

  it("says why Opus is not asked: its provider has no row and no key", async () => {
    const { gateway } = await start();
    const reply = await gateway.say("chat", { model: "opus" });
    expect(reply.status).toBe(503);
    expect(textAt(reply.json, "error", "message")).toContain("ANTHROPIC_API_KEY is not set");
  });
});

describe("openai-compatible", () => {
  const start = () =>
    startStack({ backend: { kind: "openai-compatible", key: "sk-local" } }, ({ backend }) => ({
      config: readConfig("openai-compatible", { "models.providers.local.baseUrl": backend.baseUrl }),
    }));
  const greeting = "Hello from openai-compatible/my-local-model.";

  it.each(shapes)("answers to local/my-local-model ($how)", async ({ wire, stream }) => {
    const { backend, gateway } = await start();
    const reply = await gateway.say(wire, { stream, model: "local/my-local-model" });
    const { readStream, readWhole } = dialects[wire];
    expect((stream ? readStream(reply.events) : readWhole(reply.json)).text).toBe(greeting);
    expect(backend.requests).toMatchObject([
      { path: "/v1/responses", model: "my-local-model", headers: { authorization: "Bearer sk-local" } },
    ]);
  });

  it("answers to the bare id, which one row has, and to no other name", async () => {
    const { gateway } = await start();
    expect((await gateway.say("chat", { model: "my-local-model" })).status).toBe(200);
    const other = await gateway.say("chat", { model: "my-local-modle" });
    expect(other.status).toBe(404);
    expect(dialects.chat.readError(other.json)?.message).toContain('Did you mean: "my-local-model"');
  });

  it("has no default: a request without a model is told the names there are", async () => {
    const { gateway } = await start();
    const conversation: Conversation = { turns: [{ role: "user", text: "hi" }] };
    const reply = await gateway.say("responses", { conversation });
    expect(reply.status).toBe(404);
    expect(dialects.responses.readError(reply.json)).toMatchObject({ code: "model_not_found" });
    expect(dialects.responses.readError(reply.json)?.message).toContain("local/my-local-model");
  });

  it.each(["", "/"])("takes the base URL without /v1, ending in %j", async (end) => {
    const { backend, gateway } = await startStack({ backend: { kind: "openai-compatible" } }, ({ backend }) => ({
      config: readConfig("openai-compatible", { "models.providers.local.baseUrl": backend.origin + end }),
    }));
    expect((await gateway.say("chat", { model: "local/my-local-model" })).status).toBe(200);
    expect(backend.requests[0]?.path).toBe("/v1/responses");
  });
});
