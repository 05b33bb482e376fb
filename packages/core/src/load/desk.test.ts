import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../../tests/harness/virtual-clock.ts";
import type { Transport } from "../ports.ts";
import { TransportError } from "../ports.ts";
import { CallRefused, type LoadProgress, type ModelStatus, type Provider } from "../provider/index.ts";
import { createRouter } from "../router.ts";

const answer = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A router over one provider whose hooks a test writes, and a backend that answers or says that its model is cold. */
function setUp(hooks: Partial<Provider>, failures: readonly string[] = []) {
  const clock = createVirtualClock();
  const left = [...failures];
  const sent: string[] = [];
  const transport: Transport = {
    send: async ({ url, method }) => {
      sent.push(`${method} ${new URL(url).pathname}`);
      if (url.endsWith("/closing") && sent.filter((one) => one.endsWith("/closing")).length === 1)
        throw new TransportError("reset", "the other side closed");
      if (url.endsWith("/gone")) throw new TransportError("refused", "connection refused: sk-secret");
      const code = url.endsWith("/chat") ? left.shift() : undefined;
      const body = JSON.stringify(code === undefined ? answer : { error: { code } });
      return {
        status: code === undefined ? 200 : 503,
        headers: { "content-type": "application/json" },
        body: once(body),
      };
    },
  };
  const plugin = {
    contract: 1,
    kind: "acme",
    config: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
    auth: { header: "authorization" },
    create: (): Provider => ({
      wires: { chat: "exact" },
      origins: ["http://127.0.0.1:9"],
      places: () => ["local"],
      request: () => ({ url: "http://127.0.0.1:9/chat" }),
      failure: ({ body }) => ({
        kind: (body as { error: { code: "model_cold" } }).error.code,
        message: "not now",
      }),
      ...hooks,
    }),
  } as never;
  const router = createRouter({
    config: { models: { providers: { acme: { apiKey: "sk-secret", timeouts: { load: "60s" } } } } },
    plugins: [plugin],
    transport,
    clock,
  });
  const ask = async () => {
    const reply = await router.fetch("http://headgate/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "acme/m", messages: [{ role: "user", content: "Hi" }] }),
    });
    return { status: reply.status, attempts: reply.headers.get("x-headgate-attempts"), text: await reply.text() };
  };
  return { clock, router, sent, ask };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** What `status` says, one after the other; the last for good. */
const saying = (...words: readonly ModelStatus[]) => {
  const left = [...words];
  return async (): Promise<ModelStatus> => (left.length > 1 ? left.shift() : left[0]) ?? "ready";
};

describe("a provider without these hooks", () => {
  it("is asked, and asked no more when it says that the model is cold", async () => {
    const { ask, sent } = setUp({}, ["model_cold"]);
    expect(await ask()).toMatchObject({ status: 503, attempts: "acme/m:model_cold" });
    expect(sent).toEqual(["POST /chat"]);
  });
});

describe("a provider that only loads", () => {
  it("is asked without a look, and has a cold model loaded", async () => {
    let loads = 0;
    const load = async () => {
      loads += 1;
    };
    const { ask } = setUp({ load }, ["model_cold"]);
    expect(await ask()).toMatchObject({ status: 200, attempts: "acme/m:model_cold,acme/m:ok" });
    expect(loads).toBe(1);
  });
});

describe("a provider that only tells", () => {
  it("has a loading model waited for, by a look every second", async () => {
    const { ask, clock } = setUp({ status: saying("loading", "loading", "ready") }, ["model_loading"]);
    const asked = ask();
    for (let second = 0; second < 3; second += 1) {
      await turn();
      await clock.pass(1000);
    }
    expect(await asked).toMatchObject({ status: 200, attempts: "acme/m:model_loading,acme/m:ok" });
  });

  it("has no cold model loaded", async () => {
    const { ask } = setUp({ status: saying("cold") }, ["model_cold"]);
    expect(await ask()).toMatchObject({ status: 503, attempts: "acme/m:model_cold" });
  });
});

describe("a provider that tells and loads", () => {
  it.each<[string, readonly ModelStatus[], boolean]>([
    ["ready", ["ready"], false],
    ["missing", ["missing"], false],
    ["cold", ["cold", "ready"], true],
    ["on its way, by another's doing", ["loading", "ready"], true],
  ])("has a model loaded that is %s: %s → %s", async (_how, words, loaded) => {
    let loads = 0;
    const load = async () => {
      loads += 1;
    };
    const { ask } = setUp({ status: saying(...words), load });
    expect(await ask()).toMatchObject({ status: 200, attempts: "acme/m:ok" });
    expect(loads).toBe(loaded ? 1 : 0);
  });

  it("may have begun to load when it comes back: the model is looked at until it is there", async () => {
    const { ask, clock, sent } = setUp({ status: saying("cold", "loading", "ready"), load: async () => {} });
    const asked = ask();
    await turn();
    expect(sent).toEqual([]);
    await clock.pass(1000);
    expect(await asked).toMatchObject({ status: 200, attempts: "acme/m:ok" });
  });

  it.each<[string, () => Promise<void>, string, string]>([
    [
      "its reason",
      () => Promise.reject(new CallRefused({ kind: "overloaded", message: "no memory" })),
      "overloaded",
      "no memory",
    ],
    [
      "any error",
      () => Promise.reject(new Error("exit 6, sk-secret")),
      "model_cold",
      "could not be loaded: exit 6, ***",
    ],
    [
      "nothing, and the model is still cold",
      async () => {},
      "model_cold",
      "is not in memory, although it was to be loaded",
    ],
  ])("that fails with %s says so, without the key", async (_what, load, kind, words) => {
    const { ask } = setUp({ status: saying("cold"), load });
    const { attempts, text } = await ask();
    expect(attempts).toBe(`acme/m:${kind}`);
    expect(text).toContain(words);
    expect(text).not.toContain("sk-secret");
  });

  it("that is no longer there is unreachable", async () => {
    const { ask } = setUp({
      status: saying("cold"),
      load: async (_model, lookUp) => void (await lookUp("http://127.0.0.1:9/gone")),
    });
    const { attempts, text } = await ask();
    expect(attempts).toBe("acme/m:unreachable");
    expect(text).not.toContain("sk-secret");
  });

  it("that never comes back holds nobody longer than the load clock, and the next load begins anew", async () => {
    let loads = 0;
    const load = () => {
      loads += 1;
      return loads === 1 ? new Promise<void>(() => {}) : Promise.resolve();
    };
    const { ask, clock } = setUp({ status: saying("cold", "cold", "ready"), load });
    const asked = [ask(), ask()];
    await turn();
    await clock.pass(60_000);
    for (const reply of await Promise.all(asked)) expect(reply).toMatchObject({ attempts: "acme/m:timeout" });
    expect(await ask()).toMatchObject({ attempts: "acme/m:ok" });
    expect(loads).toBe(2);
  });

  it("whose look never comes back is asked after two seconds all the same", async () => {
    const { ask, clock } = setUp({ status: () => new Promise(() => {}), load: async () => {} });
    const asked = ask();
    await turn();
    await clock.pass(3000);
    expect(await asked).toMatchObject({ status: 200, attempts: "acme/m:ok" });
  });

  it("is looked at once more when an idle connection closes under the look", async () => {
    let loads = 0;
    const { ask, sent } = setUp({
      status: async (_model, lookUp) => {
        await lookUp("http://127.0.0.1:9/closing");
        return loads === 0 ? "cold" : "ready";
      },
      load: async () => {
        loads += 1;
      },
    });
    expect(await ask()).toMatchObject({ attempts: "acme/m:ok" });
    expect(loads).toBe(1);
    expect(sent).toEqual(["GET /closing", "GET /closing", "GET /closing", "POST /chat"]);
  });

  it("is asked all the same when it says what means nothing, or throws", async () => {
    const odd = setUp({
      status: (async () => "hot") as unknown as NonNullable<Provider["status"]>,
      load: async () => {},
    });
    expect((await odd.ask()).status).toBe(200);
    const thrown = setUp({
      status: () => {
        throw new Error("at once");
      },
      load: async () => {},
    });
    expect((await thrown.ask()).status).toBe(200);
  });
});

describe("a load by hand", () => {
  it("tells how far it is", async () => {
    const told: LoadProgress[] = [];
    const { router } = setUp({
      status: saying("cold", "ready"),
      load: async (_model, _ask, report) => report({ fraction: 0.25 }),
    });
    const result = await router.load("acme/m", { onProgress: (progress) => told.push(progress) });
    expect(result).toMatchObject({ ok: true, ref: "acme/m", loaded: true });
    expect(told).toEqual([{ fraction: 0.25 }]);
  });

  it("joins the load that a request has begun", async () => {
    let loads = 0;
    const gate = Promise.withResolvers<void>();
    const { router, ask } = setUp({
      status: saying("cold", "cold", "ready"),
      load: () => {
        loads += 1;
        return gate.promise;
      },
    });
    const asked = ask();
    await turn();
    const loading = router.load("acme/m");
    await turn();
    gate.resolve();
    expect([(await asked).status, (await loading).ok, loads]).toEqual([200, true, 1]);
  });

  it.each([
    ["a provider that loads nothing", {}, { kind: "unsupported", ref: "acme/m" }],
    [
      "a model that is missing, naming what is near",
      { status: saying("missing"), load: async () => {}, models: async () => [{ id: "mm" }, { id: "other" }] },
      { kind: "model_missing", near: ["acme/mm"] },
    ],
  ])("is refused of %s", async (_what, hooks, expected) => {
    expect(await setUp(hooks as Partial<Provider>).router.load("acme/m")).toMatchObject({ ok: false, ...expected });
  });

  it("is refused of a name that stands for nothing", async () => {
    const result = await setUp({}).router.load("acne/m");
    expect(result).toMatchObject({ ok: false, kind: "model_missing", message: expect.stringContaining("acne/m") });
  });
});

describe("a router that closes", () => {
  it("ends a load that nobody waits for, and none that somebody does", async () => {
    let ended = 0;
    const gate = Promise.withResolvers<void>();
    const { router, ask } = setUp({
      status: saying("cold", "ready"),
      load: (_model, lookUp) =>
        gate.promise.then(async () => {
          await lookUp("http://127.0.0.1:9/x").catch(() => ended++);
        }),
    });
    const asked = ask();
    await turn();
    router.close();
    gate.resolve();
    expect((await asked).status).toBe(200);
    expect(ended).toBe(0);
  });
});
