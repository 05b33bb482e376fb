import { Agent, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "./index.ts";
import { bodyOf, pathOf, post } from "./testing/post.ts";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ kind: "openai" });
});

afterEach(() => simulator.close());

const ask = (stream = false, headers: Record<string, string> = {}) =>
  post(simulator, pathOf.chat, bodyOf("openai", "chat", stream), headers);

describe("what is recorded", () => {
  it("is each request with its headers, body and end", async () => {
    await ask(false, { authorization: "Bearer sk-1" }).seen;
    const recorded = await simulator.waitFor((each) => each.finished);
    expect(recorded).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      wire: "chat",
      model: "gpt-5.5",
      stream: false,
      body: { model: "gpt-5.5", messages: [{ role: "user", content: "hi" }] },
      status: 200,
      closedByClient: false,
    });
    expect(recorded.headers.authorization).toBe("Bearer sk-1");
    expect(JSON.parse(recorded.text)).toEqual(recorded.body);
    expect(simulator.requests).toHaveLength(1);
  });

  it("keeps a body that is no JSON as text, and answers 400", async () => {
    const seen = await post(simulator, pathOf.chat, "{not json").seen;
    expect(seen.status).toBe(400);
    expect(simulator.requests[0]).toMatchObject({ body: "{not json", text: "{not json" });
  });

  it("does not call a connection that the simulator cut one that the client closed", async () => {
    simulator.fail({ kind: "cut-after", frames: 1 });
    await ask(true).seen;
    expect(simulator.requests[0]).toMatchObject({ finished: false, closedByClient: false });
  });

  it("forgets the oldest beyond the limit", async () => {
    await using small = await startSimulator({ kind: "openai", remember: 2 });
    for (const content of ["a", "b", "c"]) await post(small, "/v1/chat/completions", { content }).seen;
    expect(small.requests.map((each) => each.body)).toEqual([{ content: "b" }, { content: "c" }]);
  });
});

describe("waiting", () => {
  it("resolves with a request that comes later", async () => {
    const coming = simulator.waitFor((each) => each.stream);
    await ask(false).seen;
    await ask(true).seen;
    expect((await coming).stream).toBe(true);
  });

  it("rejects in time and says what did come", async () => {
    await ask().seen;
    await expect(simulator.waitFor(() => false, 10)).rejects.toThrow("Received: POST /v1/chat/completions.");
  });

  it("sees the headers go out and the request being answered", async () => {
    simulator.fail({ kind: "hang-after", frames: 1 });
    const posted = ask(true);
    await simulator.waitFor((each) => each.status === 200 && simulator.activeRequests === 1);
    expect(simulator.requests[0]?.finished).toBe(false);
    posted.leave();
    await simulator.waitFor((each) => each.closedByClient && simulator.activeRequests === 0);
    expect(simulator.requests[0]?.finished).toBe(false);
  });

  it("rejects when the simulator is closed", async () => {
    const refused = expect(simulator.waitFor(() => false)).rejects.toThrow("The simulator was closed.");
    await simulator.close();
    await refused;
  });
});

describe("the port", () => {
  it("refuses connections after refuse() and serves again after listen()", async () => {
    await simulator.refuse();
    await expect(fetch(`${simulator.origin}/v1/models`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await simulator.listen();
    expect((await fetch(`${simulator.origin}/v1/models`)).status).toBe(200);
  });

  it("cuts kept connections and running answers on refuse()", async () => {
    simulator.fail({ kind: "hang" });
    const posted = ask(true);
    await simulator.waitFor(() => true);
    expect(simulator.openConnections).toBe(1);
    await simulator.refuse();
    expect((await posted.seen).status).toBeUndefined();
    expect(simulator.openConnections).toBe(0);
    expect(simulator.activeRequests).toBe(0);
    expect(simulator.requests[0]?.closedByClient).toBe(false);
  });

  it("counts a connection that a client keeps", async () => {
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      const outgoing = request(`${simulator.origin}/v1/models`, { agent }, (response) => {
        response.resume().once("end", resolve);
      });
      outgoing.once("error", reject).end();
    });
    expect(simulator.openConnections).toBe(1);
    expect(simulator.activeRequests).toBe(0);
    agent.destroy();
  });

  it("leaves no handle behind when closed in the middle of everything", async () => {
    const before = process.getActiveResourcesInfo().length;
    const other = await startSimulator({ kind: "anthropic" });
    other.fail({ kind: "slow-first-byte", ms: 60_000 });
    const posted = post(other, pathOf.messages, bodyOf("anthropic", "messages", true));
    await other.waitFor(() => true);
    await other.close();
    await posted.seen;
    // The client's own socket goes in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });

  it("may be closed twice", async () => {
    await simulator.close();
    await simulator.close();
    expect(simulator.openConnections).toBe(0);
  });
});

describe("faults and answers in turn", () => {
  const statuses = async (count: number, stream = false) => {
    const seen: (number | undefined)[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await ask(stream).seen).status);
    return seen;
  };

  it("plays queued faults first, then the standing one", async () => {
    simulator.fail({ kind: "status", status: 500 });
    simulator.failNext({ kind: "status", status: 429 }, { kind: "none" });
    expect(await statuses(4)).toEqual([429, 200, 500, 500]);
  });

  it("plays a fault as often as it says", async () => {
    simulator.fail({ kind: "status", status: 503, times: 2 });
    expect(await statuses(3)).toEqual([503, 503, 200]);
  });

  it("plays a fault for the requests it names", async () => {
    simulator.fail({ kind: "status", status: 503, match: { model: "gpt-4.1" } });
    simulator.fail({ kind: "status", status: 502, match: { wire: "responses" } });
    simulator.fail({ kind: "status", status: 500, match: { stream: true } });
    expect(await statuses(1)).toEqual([200]);
    expect(await statuses(1, true)).toEqual([500]);
    const other = { ...bodyOf("openai", "chat", false), model: "gpt-4.1" };
    expect((await post(simulator, pathOf.chat, other).seen).status).toBe(503);
    expect((await post(simulator, pathOf.responses, bodyOf("openai", "responses", false)).seen).status).toBe(502);
  });

  it("says queued answers first, one for each answered request, then the standing one, then its own", async () => {
    simulator.answer({ text: "always" });
    simulator.answerNext({ text: "first" }, { text: "second" });
    simulator.failNext({ kind: "none" }, { kind: "status", status: 500 });
    const texts = [];
    for (let index = 0; index < 4; index += 1)
      texts.push((await ask().seen).text.match(/first|second|always|server had an error/)?.[0]);
    expect(texts).toEqual(["first", "server had an error", "second", "always"]);
    simulator.reset();
    expect((await ask().seen).text).toContain("Hello from openai/gpt-5.5.");
  });

  it("makes an answer from the request", async () => {
    simulator.answer((recorded) => ({ text: `You asked ${recorded.model}` }));
    expect((await ask().seen).text).toContain("You asked gpt-5.5");
  });

  it("tells when a scripted answer throws", async () => {
    simulator.answer(() => {
      throw new Error("not ready");
    });
    expect(await ask().seen).toMatchObject({ status: 500, text: "The simulator failed: Error: not ready" });
  });

  it("answers the same bytes to the same requests after a reset", async () => {
    const first = [(await ask().seen).text, (await ask(true).seen).text];
    simulator.reset();
    expect(simulator.requests).toHaveLength(0);
    expect([(await ask().seen).text, (await ask(true).seen).text]).toEqual(first);
  });
});

it("asks for the key when there is one, in each backend's own words", async () => {
  await using closed = await startSimulator({ kind: "anthropic", key: "sk-right" });
  const body = bodyOf("anthropic", "messages", false);
  const wrong = await post(closed, pathOf.messages, body, { "x-api-key": "sk-wrong" }).seen;
  expect(wrong.status).toBe(401);
  expect(JSON.parse(wrong.text)).toMatchObject({ type: "error", error: { type: "authentication_error" } });
  for (const headers of [{ "x-api-key": "sk-right" }, { authorization: "Bearer sk-right" }]) {
    expect((await post(closed, pathOf.messages, body, headers).seen).status).toBe(200);
  }
});
