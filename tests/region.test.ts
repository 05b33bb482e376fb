import { type Fault, faults, ordinaryAccount } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { at } from "./harness/json.ts";
import {
  asked,
  eventually,
  glm,
  local,
  lookUps,
  opus,
  pins,
  type RegionStack,
  startRegion,
  tagsIn,
  warningsOf,
} from "./harness/openrouter.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const minute = 60_000;
const { endpoints } = ordinaryAccount();

/** GLM at one endpoint alone, whose country nobody knows. */
const nowhere = () => ({ ...ordinaryAccount(), endpoints: { "z-ai/glm-5": [{ tag: "z-ai/fp8", provider: "Z.AI" }] } });

describe("a row with a region", () => {
  it.each(textWires)("asks none but endpoints that are known to lie in it (%s)", async (wire) => {
    const stack = await startRegion();
    for (const stream of [true, false]) {
      const reply = await stack.gateway.say(wire, { stream });
      expect(reply.status).toBe(200);
      expect(reply.headers["x-headgate-place"]).toBe("us");
      expect(reply.headers["x-headgate-model"]).toBe(glm);
    }
    expect(asked(stack)).toHaveLength(2);
    for (const body of asked(stack)) {
      expect(at(body, "provider")).toEqual({
        only: tagsIn.us,
        allow_fallbacks: false,
        data_collection: "deny",
      });
    }
    const { receipts } = stack.gateway;
    expect(receipts).toMatchObject([
      { place: "us", upstream: "Parasail" },
      { place: "us", upstream: "Parasail" },
    ]);
  });

  it("sends the places of all endpoints that may answer", async () => {
    const stack = await startRegion({ row: { region: "eu", zdr: true } });
    const reply = await stack.gateway.say("chat");
    expect(reply.headers["x-headgate-place"]).toBe("fr+fi");
    expect(asked(stack).map((body) => at(body, "provider", "zdr"))).toEqual([true]);
    expect(pins(stack)).toEqual([tagsIn.eu]);
  });

  it("takes the operator's word for an endpoint", async () => {
    const row = { region: "eu", places: { "google-vertex/europe": "eu" } };
    const stack = await startRegion({ row });
    await stack.gateway.say("chat");
    expect(pins(stack)).toEqual([["mistral/nvfp4", "nebius/fp8", "google-vertex/europe"]]);
  });

  it("lets no client choose where its request goes", async () => {
    const stack = await startRegion();
    const body = {
      model: glm,
      messages: [{ role: "user", content: "hi" }],
      provider: { order: ["alibaba"], allow_fallbacks: true },
      models: ["moonshotai/kimi-k3"],
      route: "fallback",
      plugins: [{ id: "web" }],
      preset: "mine",
    };
    const reply = await stack.gateway.ask("/v1/chat/completions", { body });
    expect(reply.status).toBe(200);
    const [told] = asked(stack);
    expect(at(told, "provider", "only")).toEqual(tagsIn.us);
    expect(Object.keys(told as object).sort()).toEqual(["messages", "model", "provider"]);
    expect(warningsOf(reply.headers)).toEqual(
      expect.arrayContaining(["provider", "models", "route", "plugins", "preset"].map((key) => `dropped:${key}`)),
    );
  });

  it("refuses tools that OpenRouter would run elsewhere, and sends nothing", async () => {
    const stack = await startRegion();
    const body = {
      model: glm,
      messages: [{ role: "user", content: "hi" }],
      tools: [{ type: "openrouter:web_search" }],
    };
    const reply = await stack.gateway.ask("/v1/chat/completions", { body });
    expect(reply.status).toBe(400);
    expect(dialects.chat.readError(reply.json)?.code).toBe("outside_boundary");
    expect(asked(stack)).toEqual([]);
  });

  it("holds for embeddings, and for a count of tokens elsewhere", async () => {
    const stack = await startRegion({
      row: { region: "eu", places: { baseten: "de" } },
      route: [glm, opus],
    });
    const vectors = { model: "openrouter/openai/text-embedding-3-small", input: "hi" };
    const reply = await stack.gateway.ask("/v1/embeddings", { body: vectors });
    expect([reply.status, pins(stack)]).toEqual([200, [["baseten"]]]);
    const count = { model: "default", messages: [{ role: "user", content: "hi" }] };
    const counted = await stack.gateway.ask("/v1/messages/count_tokens", { body: count });
    expect(counted.headers["x-headgate-estimated"]).toBe("1");
    expect(stack.hosted.requests).toEqual([]);
  });
});

describe("a boundary of the request", () => {
  it.each<[string, object, readonly unknown[]]>([
    ["us", {}, [tagsIn.us]],
    ["eu", {}, [tagsIn.eu]],
    ["fr", {}, [["mistral/nvfp4"]]],
    ["fr", { region: "eu" }, [["mistral/nvfp4"]]],
    ["us", { region: "eu" }, []],
    ["jp", {}, []],
    ["local", {}, []],
  ])("%s pins OpenRouter by itself, over the row %j", async (within, row, expected) => {
    const stack = await startRegion({ row });
    const reply = await stack.gateway.say("chat", { headers: { "x-headgate-within": within } });
    expect(pins(stack)).toEqual(expected);
    expect(reply.status).toBe(expected.length === 0 ? 400 : 200);
  });

  it("that the row's region lies outside of is no reason to bind the others", async () => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus] });
    const reply = await stack.gateway.say("chat", { headers: { "x-headgate-within": "us" } });
    expect(reply.headers["x-headgate-model"]).toBe(opus);
  });

  it("is none: nobody is looked up, and the client's model goes as it is", async () => {
    const stack = await startRegion({ row: {} });
    const reply = await stack.gateway.say("chat");
    expect(reply.headers["x-headgate-place"]).toBe("unknown");
    expect(lookUps(stack)).toEqual([]);
    expect(asked(stack).map((body) => at(body, "provider"))).toEqual([undefined]);
  });

  it("counts a declared place, but not in place of a region that the row promises", async () => {
    const declared = await startRegion({ row: { place: "us" } });
    const headers = { "x-headgate-within": "us" };
    expect((await declared.gateway.say("chat", { headers })).headers["x-headgate-place"]).toBe("us");
    expect(pins(declared)).toEqual([undefined]);
    const promised = await startRegion({ row: { place: "eu", region: "eu" }, account: nowhere() });
    expect((await promised.gateway.say("chat")).status).toBe(400);
    expect(asked(promised)).toEqual([]);
  });
});

/** How often the lists were read. */
const readings = (stack: RegionStack): number => lookUps(stack).filter((path) => path === "/providers").length;

describe("what places depend on", () => {
  it("is read at the first request, without a word of it, and once for all that come at the same time", async () => {
    const stack = await startRegion();
    const replies = await Promise.all(textWires.map((wire) => stack.gateway.say(wire)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([...lookUps(stack)].sort()).toEqual(["/models", "/models/z-ai/glm-5/endpoints", "/providers"]);
    const looked = stack.openrouter.requests.filter(({ method }) => method === "GET");
    expect(looked.map(({ text }) => text)).toEqual(["", "", ""]);
    await stack.gateway.say("chat");
    expect(lookUps(stack)).toHaveLength(3);
  });

  it("is read for a model that only the client names, a variant of one too", async () => {
    const stack = await startRegion({ route: [local] });
    const reply = await stack.gateway.say("chat", { model: `${glm}:nitro` });
    expect(reply.status).toBe(200);
    expect(pins(stack)).toEqual([tagsIn.us]);
    for (const model of ["acme/none", "openrouter/auto", "z-ai/glm-5:online", "../credits"]) {
      expect((await stack.gateway.say("chat", { model: `openrouter/${model}` })).status).toBe(400);
    }
    expect(asked(stack)).toHaveLength(1);
    expect(lookUps(stack).every((path) => /^\/(?:providers|models)(?:\/|$)/.test(path))).toBe(true);
  });

  it("is read again on a schedule, and no request waits for that", async () => {
    const clock = createVirtualClock();
    const stack = await startRegion({ clock });
    await stack.gateway.say("chat");
    stack.account.endpoints = { "z-ai/glm-5": [{ tag: "baseten", provider: "BaseTen" }] };
    await clock.pass(9 * minute);
    await stack.gateway.say("chat");
    expect(readings(stack)).toBe(1);
    await clock.pass(minute);
    await eventually(async () => {
      await stack.gateway.say("chat");
      expect(pins(stack).at(-1)).toEqual(["baseten"]);
    });
    expect(readings(stack)).toBe(2);
    expect(pins(stack).slice(0, 2)).toEqual([tagsIn.us, tagsIn.us]);
  });

  it("counts on while the next readings fail, until it is too old: then nobody is asked, and it is told of", async () => {
    const clock = createVirtualClock();
    const stack = await startRegion({ clock, route: [glm, opus] });
    const { gateway, openrouter } = stack;
    await gateway.say("chat");
    await openrouter.refuse();
    await clock.pass(59 * minute);
    expect(gateway.router.explain("default")).toMatchObject({ candidates: [{ places: ["us"] }, {}] });
    await clock.pass(minute);
    const reply = await gateway.say("chat", { headers: { "x-headgate-within": "us" } });
    expect(reply.headers["x-headgate-model"]).toBe(opus);
    expect(gateway.receipts.at(-1)?.candidates[0]?.skipped).toContain("has not been read, or too long ago");
    const troubles = gateway.notices.filter((notice) => notice.kind === "discovery");
    expect(troubles.length).toBeGreaterThan(3);
    expect(troubles[0]).toMatchObject({
      provider: "openrouter",
      message: expect.stringMatching(/no connection|no answer/),
    });
    await openrouter.listen();
    await eventually(async () => {
      await clock.pass(10_000);
      expect((await gateway.say("chat")).headers["x-headgate-model"]).toBe(glm);
    });
  });

  it("is waited for no longer than five seconds, and then nobody is asked outside", async () => {
    const clock = createVirtualClock();
    const stack = await startRegion({ clock, row: { region: "eu" }, route: [glm, opus, local] });
    await stack.openrouter.refuse();
    const reply = await stack.gateway.say("chat");
    expect(reply.headers["x-headgate-model"]).toBe(local);
    expect(stack.hosted.requests).toEqual([]);
    // the next request does not wait for what has just failed
    const again = await stack.gateway.say("chat", { model: glm });
    expect(again.status).toBe(400);
    expect(dialects.chat.readError(again.json)).toMatchObject({ code: "outside_boundary" });
  });

  it("keeps nobody waiting who is asked before, and is there when its turn comes", async () => {
    const stack = await startRegion({ clock: createVirtualClock(), route: [local, glm, opus] });
    await stack.openrouter.refuse();
    expect((await stack.gateway.say("chat")).headers["x-headgate-model"]).toBe(local);
    const other = await startRegion({ clock: createVirtualClock(), row: { region: "eu" }, route: [local, glm, opus] });
    await other.near.refuse();
    const reply = await other.gateway.say("chat");
    expect(reply.headers["x-headgate-attempts"]).toBe(`${local}:unreachable,${glm}:ok`);
    expect(other.gateway.receipts[0]?.candidates[1]).toEqual({ ref: glm, wire: "chat", places: ["fr", "fi"] });
  });

  it("is read no more once the router is closed", async () => {
    const clock = createVirtualClock();
    const stack = await startRegion({ clock });
    await stack.gateway.say("chat");
    stack.gateway.router.close();
    await clock.pass(60 * minute);
    expect(lookUps(stack)).toHaveLength(3);
  });
});

/** How OpenRouter says that nobody inside may answer. */
const policies: readonly (readonly [name: string, fault: Fault])[] = [
  ["a data policy that none meets", faults.openrouter.dataPolicy()],
  ["providers of which none is left", faults.openrouter.allowedProviders()],
  ["a region that is not allowed", faults.openrouter.regionRestricted()],
];

describe("a region that cannot be kept", () => {
  const held = async (stack: RegionStack, served: string | undefined) => {
    for (const wire of textWires) {
      for (const stream of [true, false]) {
        const reply = await stack.gateway.say(wire, { stream });
        expect(reply.headers["x-headgate-model"]).toBe(served);
        if (served !== undefined) continue;
        expect(reply.status).toBe(400);
        expect(dialects[wire].readError(reply.json)?.type).toBe("invalid_request_error");
      }
    }
    expect(stack.hosted.requests).toEqual([]);
  };

  it.each(policies)("binds who is asked next: %s", async (_name, fault) => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus, local] });
    stack.openrouter.fail(fault);
    await held(stack, local);
    const [receipt] = stack.gateway.receipts;
    expect(receipt?.attempts.map(({ ref, outcome }) => [ref, outcome])).toEqual([
      [glm, "policy"],
      [local, "ok"],
    ]);
    expect(receipt?.within).toEqual(["eu"]);
    expect(receipt?.candidates[1]?.skipped).toBe("outside the boundary eu: it runs at us");
  });

  it.each(policies)("leaves nobody where all others are outside: %s", async (_name, fault) => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus] });
    stack.openrouter.fail(fault);
    await held(stack, undefined);
  });

  it("binds before anything was sent", async () => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus, local], account: nowhere() });
    await held(stack, local);
    expect(asked(stack)).toEqual([]);
    const [receipt] = stack.gateway.receipts;
    expect(receipt?.candidates.map(({ skipped }) => skipped)).toEqual([
      "outside the boundary eu: none of its endpoints is known to run inside",
      "outside the boundary eu: it runs at us",
      undefined,
    ]);
    expect(stack.gateway.router.explain("default")).toMatchObject({
      candidates: [{ ref: glm, skipped: /./ }, { ref: opus, skipped: /./ }, { ref: local }].map(({ ref, skipped }) => ({
        ref,
        ...(skipped && { skipped: expect.stringMatching(skipped) }),
      })),
    });
  });

  it("binds nobody who stands before it, nor those inside", async () => {
    const stack = await startRegion({ row: { region: "us" }, route: [local, glm, opus], account: nowhere() });
    await stack.near.refuse();
    const reply = await stack.gateway.say("chat");
    expect(reply.headers["x-headgate-model"]).toBe(opus);
  });

  it("is not what a full or broken provider is: then the route goes on as it was written", async () => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus] });
    for (const fault of [faults.openrouter.overloaded(), faults.openrouter.credits(), faults.openrouter.masked()]) {
      stack.openrouter.heal();
      stack.openrouter.fail(fault);
      expect((await stack.gateway.say("chat")).headers["x-headgate-model"]).toBe(opus);
    }
  });

  it("lets a row without a region go on, where the request has no boundary", async () => {
    const stack = await startRegion({ row: {}, route: [glm, opus] });
    stack.openrouter.fail(faults.openrouter.dataPolicy());
    expect((await stack.gateway.say("chat")).headers["x-headgate-model"]).toBe(opus);
  });
});

it("no byte of a prompt reaches an endpoint outside, whatever goes wrong on the way", async () => {
  const inside = new Set<unknown>(tagsIn.us);
  const account = { ...ordinaryAccount(), endpoints: { ...endpoints } };
  const stack = await startRegion({ route: [glm, local], account });
  const kinds = Object.values(faults.openrouter).map((make) => (make as () => Fault)());
  for (const [index, fault] of kinds.entries()) {
    stack.openrouter.failNext(fault);
    const wire = textWires[index % 3] ?? "chat";
    await stack.gateway.say(wire, { stream: index % 2 === 0 });
  }
  expect(asked(stack).length).toBeGreaterThanOrEqual(kinds.length);
  for (const body of asked(stack)) {
    expect(at(body, "provider", "allow_fallbacks")).toBe(false);
    const only = at(body, "provider", "only") as readonly unknown[];
    expect(only.length > 0 && only.every((tag) => inside.has(tag))).toBe(true);
  }
  expect(stack.hosted.requests).toEqual([]);
});
