import { faults } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Settings } from "./harness/configs.ts";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";

/** The hybrid file, with the hosted provider declared to run somewhere: its loopback address proves nothing. */
const start = (place: string, settings: Settings = {}) =>
  startHybrid({ settings: { "models.providers.anthropic.place": place, ...settings } });

const asked = (place: string, within: string | undefined, served: string) => ({ place, within, served });

describe("where a request may run", () => {
  it.each([
    asked("us", undefined, sonnet),
    asked("us", "us", sonnet),
    asked("us", "US", sonnet),
    asked("us", "de, us", sonnet),
    asked("us", "local", minimax),
    asked("us", "de", minimax),
    asked("us", "eu", minimax),
    asked("de", "eu", sonnet),
    asked("eu", "eu", sonnet),
    asked("eu", "de", minimax),
    asked("local", "local", sonnet),
    asked("unknown", undefined, sonnet),
    asked("unknown", "us", minimax),
    asked("unknown", "local,us,eu,de", minimax),
  ])("of a provider at $place, within $within: $served answers", async ({ place, within, served }) => {
    const { hosted, gateway } = await start(place);
    const headers = within === undefined ? {} : { "x-headgate-within": within };
    for (const wire of textWires) {
      const reply = await gateway.say(wire, { model: "sonnet", headers });
      expect(reply.headers["x-headgate-model"]).toBe(served);
      expect(reply.headers["x-headgate-place"]).toBe(served === sonnet ? place : "local");
    }
    if (served !== sonnet) {
      expect(hosted.requests).toEqual([]);
      expect(gateway.receipts[0]?.candidates[0]).toMatchObject({
        ref: sonnet,
        skipped: expect.stringContaining("boundary"),
      });
    }
  });

  it.each(textWires)(
    "leaves a client of %s with a policy error when nobody is inside, and nothing is sent",
    async (wire) => {
      const { hosted, local, gateway } = await start("us", { "models.providers.lmstudio.place": "unknown" });
      for (const stream of [true, false]) {
        const reply = await gateway.say(wire, { model: "sonnet", stream, headers: { "x-headgate-within": "eu" } });
        expect(reply.status).toBe(400);
        const error = dialects[wire].readError(reply.json);
        expect(error).toMatchObject({
          type: "invalid_request_error",
          code: wire === "messages" ? null : "outside_boundary",
        });
        expect(error?.message).toContain("boundary");
        expect(reply.headers["x-headgate-attempts"]).toBeUndefined();
      }
      expect([...hosted.requests, ...local.requests]).toEqual([]);
    },
  );

  it.each(["", "moon", "us;de", "usa", "local,", "eu us", "unknown", "*"])(
    "is refused when it is no place: %j",
    async (within) => {
      const { hosted, local, gateway } = await start("us");
      const reply = await gateway.say("chat", { model: "sonnet", headers: { "x-headgate-within": within } });
      expect(reply.status).toBe(400);
      expect(dialects.chat.readError(reply.json)?.message).toContain("x-headgate-within");
      expect([...hosted.requests, ...local.requests]).toEqual([]);
    },
  );
});

describe("a boundary of the config", () => {
  it.each<[string, Settings, string | undefined]>([
    ["the root", { within: ["local"] }, undefined],
    ["the root, which a header cannot widen", { within: ["local"] }, "us"],
    ["the root and a header that share nothing", { within: ["us"] }, "de"],
    ["a provider's row", { "models.providers.anthropic.within": ["eu"] }, undefined],
    ["a provider's row, which a header cannot widen", { "models.providers.anthropic.within": ["eu"] }, "us"],
    [
      "a model's row",
      {
        "models.providers.anthropic.models": [
          { id: "claude-sonnet-4-5", within: ["local"] },
          { id: "claude-opus-4-6", within: ["local"] },
        ],
      },
      undefined,
    ],
    ["a key", { "gateway.keys": [{ id: "home", key: "sk-home", within: ["local"] }] }, undefined],
    [
      "a key, which a header cannot widen",
      { "gateway.keys": [{ id: "home", key: "sk-home", within: ["local"] }] },
      "us",
    ],
  ])("on %s keeps the hosted model out", async (_, settings, within) => {
    const { hosted, gateway } = await start("us", settings);
    const headers = {
      authorization: "Bearer sk-home",
      ...(within === undefined ? {} : { "x-headgate-within": within }),
    };
    const reply = await gateway.say("responses", { model: "sonnet", stream: true, headers });
    expect(reply.headers["x-headgate-model"]).toBe(minimax);
    expect(hosted.requests).toEqual([]);
  });

  it("on a route holds for its fallbacks too", async () => {
    const { hosted, local, gateway } = await start("us", {
      "routes.private": { primary: minimax, fallbacks: [sonnet, opus], within: ["local"] },
    });
    local.fail(faults.lmstudio.crashed());
    const reply = await gateway.say("chat", { model: "PRIVATE" });
    expect(reply.status).toBe(502);
    expect(hosted.requests).toEqual([]);
    expect(gateway.receipts[0]).toMatchObject({ route: "private", within: ["local"] });
  });

  it("holds while falling back: a failing local model is never replaced by one outside", async () => {
    const { hosted, local, gateway } = await startHybrid({
      file: "local-first",
      settings: { "models.providers.anthropic.place": "us", within: ["eu"] },
    });
    await local.refuse();
    const reply = await gateway.say("messages", { stream: true });
    expect(reply.status).toBe(503);
    expect(hosted.requests).toEqual([]);
  });
});

describe("a place", () => {
  it("of another host is unknown until it is declared, and unknown is outside every boundary", async () => {
    const baseUrl = "http://model-server.example:1234/v1";
    const { gateway } = await startHybrid({ settings: { "models.providers.lmstudio.baseUrl": baseUrl } });
    expect(gateway.router.explain("minimax local", { within: ["local", "us"] })).toMatchObject({
      candidates: [{ places: ["unknown"], skipped: expect.stringContaining("unknown") }],
    });
    const declared = await startHybrid({
      settings: { "models.providers.lmstudio.baseUrl": baseUrl, "models.providers.lmstudio.place": "de" },
    });
    const explained = declared.gateway.router.explain("minimax local", { within: ["eu"] });
    expect(explained).toMatchObject({ candidates: [{ places: ["de"] }] });
    expect(explained.found && explained.candidates[0]?.skipped).toBeUndefined();
  });
});
