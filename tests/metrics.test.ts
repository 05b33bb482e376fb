import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as api from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { ask } from "./harness/ask.ts";
import { type House, openHouse } from "./harness/house.ts";
import { type SeenSpan, startInstrument, startObserving } from "./harness/spans.ts";

const prompt = "the prompt of this test";
const chat = (house: House, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  ask(`${house.url}/v1/chat/completions`, {
    headers,
    body: { model: "default", messages: [{ role: "user", content: prompt }], ...body },
  });
const metrics = (house: House, headers: Readonly<Record<string, string>> = {}) =>
  ask(`${house.url}/metrics`, { headers });
const lines = async (house: House): Promise<readonly string[]> =>
  (await metrics(house)).text.split("\n").filter((line) => !line.startsWith("#"));
/** A failure after which nobody asks the same backend again, and none that opens its breaker. */
const gone = { kind: "status", status: 404, error: { type: "not_found_error", message: `model: ${prompt}` } } as const;
const sonnet = 'provider="anthropic",model="claude-sonnet-4-5"';
const minimax = 'provider="lmstudio",model="minimax-m2.1-gs32"';

describe("GET /metrics", () => {
  it("counts requests, attempts and failures by kind, tokens and cost, and times the first output", async () => {
    await using house = await openHouse();
    house.hosted.failNext(gone);
    await chat(house, { stream: true });
    await chat(house);
    await ask(`${house.url}/nothing`);
    const page = await metrics(house);
    expect([page.status, page.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/plain; version=/)]);
    const all = await lines(house);
    for (const line of [
      'headgate_requests_total{wire="chat",operation="generate",stream="yes",outcome="ok",failure="",status="200"} 1',
      'headgate_requests_total{wire="chat",operation="generate",stream="no",outcome="ok",failure="",status="200"} 1',
      'headgate_request_duration_seconds_count{wire="chat",stream="no"} 1',
      `headgate_attempts_total{${sonnet},outcome="unsupported"} 1`,
      `headgate_attempts_total{${sonnet},outcome="ok"} 1`,
      `headgate_attempts_total{${minimax},outcome="ok"} 1`,
      `headgate_first_output_seconds_count{${minimax}} 1`,
      'headgate_refused_total{status="404"} 1',
      'headgate_provider_up{provider="anthropic"} 1',
      'headgate_breakers_open{provider="anthropic"} 0',
      "headgate_config_refused 0",
      "headgate_receipts_lost 0",
    ]) {
      expect(all).toContain(line);
    }
    const value = (start: string): number =>
      Number(
        all
          .find((line) => line.startsWith(start))
          ?.split(" ")
          .at(-1),
      );
    expect(value(`headgate_tokens_total{${sonnet},kind="input"}`)).toBeGreaterThan(0);
    expect(value(`headgate_tokens_total{${sonnet},kind="output"}`)).toBeGreaterThan(0);
    expect(value(`headgate_cost_dollars_total{${sonnet}}`)).toBeGreaterThan(0);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(0);
  });

  it("takes no client's free text for a label, so that it stays as small as the config", async () => {
    await using house = await openHouse();
    for (let index = 0; index < 5; index++) {
      await chat(house, { model: `nobody-${index}` });
      await chat(house, { model: `lmstudio/free-text-${index}` });
      await chat(
        house,
        { model: "default", user: `free-text-${index}` },
        { "x-headgate-within": `free-text-${index}` },
      );
      await ask(`${house.url}/free-text-${index}`);
    }
    const { text } = await metrics(house);
    expect(text).not.toMatch(/free-text|nobody/);
    expect(text).toMatch(/headgate_attempts_total\{provider="lmstudio",model="other",outcome="\w+"\} 5/);
    expect(text).not.toContain(prompt);
  });

  it("is kept by keys and from pages in a browser as everything is", async () => {
    await using house = await openHouse({ "gateway.keys": ["key-of-a-client"] });
    expect((await metrics(house)).status).toBe(401);
    expect((await metrics(house, { authorization: "Bearer key-of-a-client" })).status).toBe(200);
    expect((await metrics(house, { origin: "https://evil.example" })).status).toBe(403);
  });

  it("is not there where the config says so", async () => {
    await using house = await openHouse({ "gateway.metrics": false });
    await chat(house);
    expect((await metrics(house)).status).toBe(404);
  });
});

describe("spans", () => {
  afterEach(() => api.trace.disable());

  const spansOf = async (body: object, fail = false, headers = {}): Promise<readonly SeenSpan[]> => {
    const seen = startObserving();
    const house = await openHouse({ "gateway.tracing": true });
    if (fail) house.hosted.failNext(gone);
    await chat(house, body, headers);
    await house[Symbol.asyncDispose]();
    return seen;
  };

  it("tell of a request and each of its attempts by the conventions of generative AI", async () => {
    const [request, first, second, ...rest] = await spansOf({ model: "Sonnet", stream: true }, true);
    expect(rest).toEqual([]);
    expect(request).toMatchObject({
      name: "chat Sonnet",
      kind: api.SpanKind.SERVER,
      parent: undefined,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "Sonnet",
        "http.response.status_code": 200,
        "headgate.served": "lmstudio/minimax-m2.1-gs32",
        "headgate.place": "local",
      },
    });
    expect(first).toMatchObject({
      name: "chat claude-sonnet-4-5",
      kind: api.SpanKind.CLIENT,
      parent: request?.id,
      status: { code: api.SpanStatusCode.ERROR, message: "unsupported" },
      attributes: {
        "gen_ai.provider.name": "anthropic",
        "error.type": "unsupported",
        "http.response.status_code": 404,
      },
    });
    expect(second).toMatchObject({
      parent: request?.id,
      events: ["gen_ai.first_output"],
      attributes: {
        "gen_ai.provider.name": "lmstudio",
        "gen_ai.request.model": "minimax-m2.1-gs32",
        "gen_ai.usage.input_tokens": expect.any(Number),
        "gen_ai.usage.output_tokens": expect.any(Number),
      },
    });
    expect(second?.start).toBeGreaterThanOrEqual(request?.start ?? 0);
    expect(second?.end).toBe(request?.end);
  });

  it("belong to the client's trace where its traceparent names one, and to none where that is broken", async () => {
    const id = "0af7651916cd43dd8448eb211c80319c";
    const [request, attempt] = await spansOf({}, false, { traceparent: `00-${id}-b7ad6b7169203331-01` });
    expect(request).toMatchObject({ parent: "b7ad6b7169203331", trace: id });
    expect(attempt?.parent).toBe(request?.id);
    api.trace.disable();
    const [alone] = await spansOf({}, false, { traceparent: `00-${id}-b7ad6b7169203331` });
    expect(alone).toMatchObject({ parent: undefined, trace: undefined });
  });

  it.each([
    ["no backend is told of them, not even by the instruments of an SDK", true, undefined],
    ["an instrument of the test would tell, where nobody kept it from that", false, expect.any(String)],
  ])("stay here: %s", async (_, tracing, told) => {
    using _instrument = startInstrument();
    await using house = await openHouse({ "gateway.tracing": tracing });
    await chat(
      house,
      {},
      { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=b" },
    );
    const [{ headers = {} } = {}] = house.hosted.requests;
    expect(headers).not.toEqual({});
    expect([headers.traceparent, headers.tracestate]).toEqual([told, undefined]);
  });

  it("hold neither the prompt nor a backend's words", async () => {
    const spans = await spansOf({}, true);
    expect(spans.length).toBe(3);
    expect(JSON.stringify(spans)).not.toContain(prompt);
  });

  it("go to the SDK that the config names, which is loaded before the first request", async () => {
    await using house = await openHouse();
    const file = join(dirname(house.file), "tracing.mjs");
    writeFileSync(file, "globalThis.tracingOfTheTest = true;");
    await house.stop();
    house.configure({ "gateway.tracing": "./tracing.mjs" });
    await house.start();
    expect(globalThis).toHaveProperty("tracingOfTheTest", true);
  });

  it("that cannot be had are no reason to serve without them", async () => {
    await expect(openHouse({ "gateway.tracing": "./nowhere.mjs" })).rejects.toThrow("./nowhere.mjs cannot be found");
  });
});
