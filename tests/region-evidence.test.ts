import { ordinaryAccount } from "@headgate/simulator";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { at, textAt } from "./harness/json.ts";
import { asked, eventually, glm, lookUps, opus, startRegion } from "./harness/openrouter.ts";
import { createVirtualClock } from "./harness/virtual-clock.ts";

const minute = 60_000;

describe("a provider that does not keep its word", () => {
  const blocked = "Alibaba was asked, which is none of the endpoints within us";

  it.each([
    ["streamed", true],
    ["whole", false],
  ])("is told of in headers, receipt and notice, and asked for nothing more (%s)", async (_name, stream) => {
    const stack = await startRegion({ route: [glm, opus] });
    const { gateway, account } = stack;
    account.strays = "Alibaba";
    const reply = await gateway.say("chat", { stream });
    expect([reply.status, reply.headers["x-headgate-model"]]).toEqual([200, glm]);
    expect(decodeURIComponent(reply.headers["x-headgate-warnings"] ?? "")).toContain(blocked);
    expect(gateway.receipts[0]).toMatchObject({ upstream: "Alibaba", warnings: [blocked] });
    expect(gateway.notices).toContainEqual({ kind: "blocked", provider: "openrouter", message: blocked });
    delete account.strays;
    // its region still holds: Anthropic runs in it
    const next = await gateway.say("chat", { stream });
    expect(next.headers["x-headgate-model"]).toBe(opus);
    expect(gateway.receipts[1]?.candidates[0]?.skipped).toBe(`blocked: ${blocked}`);
    expect(asked(stack)).toHaveLength(1);
  });

  it("binds who is asked in its stead", async () => {
    const stack = await startRegion({ row: { region: "eu" }, route: [glm, opus] });
    stack.account.strays = "Alibaba";
    await stack.gateway.say("chat");
    expect((await stack.gateway.say("chat")).status).toBe(400);
    expect(stack.hosted.requests).toEqual([]);
  });

  it("stays blocked over a restart, until a person says so", async () => {
    const known = new Map([["openrouter", { reason: "it was elsewhere", since: 1 }]]);
    const blocks = { get: (id: string) => known.get(id), set: () => {} };
    const { gateway } = await startRegion({ blocks });
    expect((await gateway.say("chat")).status).toBe(400);
    expect(gateway.receipts[0]?.candidates[0]?.skipped).toBe("blocked: it was elsewhere");
    known.clear();
    expect((await gateway.say("chat")).status).toBe(200);
  });
});

describe("the evidence afterwards", () => {
  const withClock = async (options: Parameters<typeof startRegion>[0] = {}) => {
    const time = createVirtualClock();
    const waits: number[] = [];
    const after: typeof time.after = (milliseconds, ring) => {
      waits.push(milliseconds);
      return time.after(milliseconds, ring);
    };
    const stack = await startRegion({ ...options, clock: { now: time.now, after } });
    const looks = () => lookUps(stack).filter((path) => path.startsWith("/generation")).length;
    const evidence = () => stack.gateway.notices.filter((notice) => notice.kind === "evidence");
    /** Lets the time pass until a wait is over, once it has begun. */
    const pass = async (milliseconds: number) => {
      await eventually(() => expect(waits).toContain(milliseconds));
      await time.pass(milliseconds);
    };
    return { clock: time, pass, stack, looks, evidence };
  };

  it.each([
    ["streamed", true],
    ["whole", false],
  ])("is looked for until it is there, and written on the receipt (%s)", async (_name, stream) => {
    const { clock, pass, stack, looks, evidence } = await withClock();
    await stack.gateway.say("chat", { stream });
    expect(looks()).toBe(0);
    await pass(1000);
    await pass(2000);
    await eventually(() => expect(evidence()).toHaveLength(1));
    const [receipt] = stack.gateway.receipts;
    expect(receipt?.evidence).toEqual({
      matches: true,
      places: ["us"],
      provider: "Parasail",
      dataRegion: "global",
      cost: receipt?.cost,
    });
    await clock.pass(minute);
    expect(looks()).toBe(2);
  });

  it("that does not match blocks the row", async () => {
    const { clock, stack, evidence } = await withClock({ account: { ...ordinaryAccount(), recordDelay: 0 } });
    stack.account.byok = true;
    const reply = await stack.gateway.say("chat", { stream: true });
    expect(reply.status).toBe(200);
    await clock.pass(1000);
    await eventually(() => expect(evidence()).toHaveLength(1));
    expect(evidence()).toMatchObject([
      { evidence: { matches: false }, receipt: { id: reply.headers["x-headgate-request-id"] } },
    ]);
    expect((await stack.gateway.say("chat")).status).toBe(400);
    expect(stack.gateway.receipts[1]?.candidates[0]?.skipped).toContain("key of your own");
  });

  it("that never comes is told of, and blocks nobody", async () => {
    const { pass, stack, looks, evidence } = await withClock({ account: { ...ordinaryAccount(), recordDelay: 99 } });
    await stack.gateway.say("chat");
    for (const seconds of [1, 2, 4, 8, 16, 32]) await pass(seconds * 1000);
    const message = "no record within a minute";
    await eventually(() => expect(evidence()).toMatchObject([{ evidence: undefined, message }]));
    expect(looks()).toBe(6);
    expect((await stack.gateway.say("chat")).status).toBe(200);
  });

  it("is not asked for where nothing was promised", async () => {
    const { clock, stack, looks } = await withClock({ row: {} });
    await stack.gateway.say("chat");
    await clock.pass(minute);
    expect(looks()).toBe(0);
  });
});

describe("the host of a region", () => {
  const row = { region: "eu", inRegionHost: true };

  it("keeps its region by itself, and tells so afterwards", async () => {
    const clock = createVirtualClock();
    const account = { ...ordinaryAccount(), region: "europe", business: true, recordDelay: 0 } as const;
    const stack = await startRegion({ clock, row, account: { ...account } });
    const reply = await stack.gateway.say("chat", { headers: { "x-headgate-within": "eu" } });
    expect(reply.headers["x-headgate-place"]).toBe("eu");
    expect(lookUps(stack)).toEqual([]);
    expect(asked(stack).map((body) => at(body, "provider"))).toEqual([{ data_collection: "deny" }]);
    expect(stack.openrouter.requests.map(({ headers }) => textAt(headers, "authorization"))).toEqual([
      "Bearer sk-or-test",
    ]);
    await clock.pass(1000);
    await eventually(() =>
      expect(stack.gateway.receipts[0]?.evidence).toMatchObject({
        matches: true,
        dataRegion: "europe",
        places: ["eu"],
      }),
    );
  });

  it("of another region is found out", async () => {
    const clock = createVirtualClock();
    const stack = await startRegion({ clock, row, account: { ...ordinaryAccount(), recordDelay: 0 } });
    await stack.gateway.say("chat");
    await clock.pass(1000);
    await eventually(() => expect(stack.gateway.receipts[0]?.evidence).toMatchObject({ matches: false }));
    expect((await stack.gateway.say("chat")).status).toBe(400);
  });

  it("refuses an ordinary key, and the operator is told what that means", async () => {
    const stack = await startRegion({ row, account: { ...ordinaryAccount(), region: "europe" } });
    const reply = await stack.gateway.say("chat");
    expect(reply.status).toBe(502);
    expect(dialects.chat.readError(reply.json)?.message).toContain("without inRegionHost");
  });

  it("is outside of a boundary that is narrower than it", async () => {
    const stack = await startRegion({ row, account: { ...ordinaryAccount(), region: "europe", business: true } });
    expect((await stack.gateway.say("chat", { headers: { "x-headgate-within": "fr" } })).status).toBe(400);
    expect(asked(stack)).toEqual([]);
  });
});
