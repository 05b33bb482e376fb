import { type Fault, faults } from "@headgate/simulator";
import { type TextWire, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Settings } from "./harness/configs.ts";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, opus, sonnet, startHybrid } from "./harness/hybrid.ts";

type PerWire = Readonly<Record<TextWire, unknown>>;

interface Case {
  readonly name: string;
  /** At the hosted provider; absent: it refuses. The local one refuses always. */
  readonly fault: Fault | undefined;
  readonly status: PerWire;
  readonly code: string;
  readonly type: PerWire;
  /** Seconds; absent: the header is not sent. */
  readonly retryAfter?: string;
  readonly settings?: Settings;
}

const openai = (value: unknown, messages: unknown): PerWire => ({ chat: value, responses: value, messages });

const cases: readonly Case[] = [
  {
    name: "is overloaded",
    fault: faults.anthropic.overloaded(),
    status: openai(503, 529),
    code: "server_is_overloaded",
    type: openai("service_unavailable_error", "overloaded_error"),
    retryAfter: "2",
  },
  {
    name: "limits the rate",
    fault: faults.anthropic.rateLimited({ retryAfter: 41 }),
    status: openai(429, 429),
    code: "rate_limit_exceeded",
    type: openai("rate_limit_error", "rate_limit_error"),
    retryAfter: "41",
  },
  {
    name: "limits the rate for longer than a client should wait in one go",
    fault: faults.anthropic.rateLimited({ retryAfter: 7200 }),
    status: openai(429, 429),
    code: "rate_limit_exceeded",
    type: openai("rate_limit_error", "rate_limit_error"),
    retryAfter: "59",
  },
  {
    name: "refuses connections",
    fault: undefined,
    status: openai(503, 503),
    code: "provider_unreachable",
    type: openai("service_unavailable_error", "overloaded_error"),
    retryAfter: "2",
  },
  {
    name: "says nothing in time",
    fault: { kind: "hang" },
    settings: { "models.providers.anthropic.timeouts": { firstOutput: "40ms", whole: "40ms" } },
    status: openai(504, 504),
    code: "provider_timeout",
    type: openai("timeout_error", "timeout_error"),
    retryAfter: "2",
  },
  {
    name: "has no credit",
    fault: faults.anthropic.creditsExhausted(),
    status: openai(429, 402),
    code: "insufficient_quota",
    type: openai("rate_limit_error", "billing_error"),
  },
  {
    name: "rejects the key that Headgate holds",
    fault: faults.anthropic.unauthenticated(),
    status: openai(502, 502),
    code: "provider_key_rejected",
    type: openai("server_error", "api_error"),
  },
  {
    name: "does not have the model",
    fault: faults.anthropic.modelNotFound({ model: "claude-sonnet-4-5" }),
    status: openai(404, 404),
    code: "model_not_found",
    type: openai("not_found_error", "not_found_error"),
  },
  {
    name: "answers with garbage",
    fault: { kind: "garbage" },
    status: openai(502, 502),
    code: "bad_answer",
    type: openai("server_error", "api_error"),
  },
];

describe.each(cases)(
  "when nobody answers and the primary $name",
  ({ fault, status, code, type, retryAfter, settings = {} }) => {
    describe.each(textWires)("a client of %s", (wire) => {
      it.each([
        ["streamed", true],
        ["whole", false],
      ])("%s: gets a real status and an error of its wire", async (_, stream) => {
        const { hosted, local, gateway } = await startHybrid({ settings });
        await local.refuse();
        if (fault === undefined) await hosted.refuse();
        else hosted.fail(fault);
        const reply = await gateway.say(wire, { model: "sonnet", stream });
        expect(reply.status).toBe(status[wire]);
        expect(reply.headers["content-type"]).toBe("application/json");
        const error = dialects[wire].readError(reply.json);
        expect(error).toMatchObject({ type: type[wire], code: wire === "messages" ? null : code });
        expect(error?.message).toContain("3 candidates were tried");
        expect(reply.headers["retry-after"]).toBe(retryAfter);
        expect(reply.headers["x-headgate-model"]).toBeUndefined();
        const tried = reply.headers["x-headgate-attempts"]?.split(",").map((entry) => entry.split(":")[0]);
        expect([...new Set(tried)]).toEqual([sonnet, minimax, opus]);
        expect(gateway.receipts).toMatchObject([{ outcome: "failed", status: reply.status }]);
      });
    });
  },
);

describe("of several failures", () => {
  it("the client is told the soonest wait, whoever asks for it", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(faults.anthropic.rateLimited({ retryAfter: 40 }));
    local.fail({ kind: "status", status: 503, headers: { "retry-after": "23" }, body: { error: "Busy" } });
    const reply = await gateway.say("chat");
    expect(reply.status).toBe(503);
    expect(reply.headers["retry-after"]).toBe("23");
  });

  it("the client is told the primary's where nobody asks for a wait", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(faults.anthropic.billing());
    local.fail(faults.lmstudio.crashed());
    const reply = await gateway.say("chat");
    expect(reply.status).toBe(429);
    expect(dialects.chat.readError(reply.json)?.code).toBe("insufficient_quota");
  });
});

describe("a fallback", () => {
  it.each(textWires)("lasts one request for a client of %s: the next one goes to the primary again", async (wire) => {
    const { hosted, gateway } = await startHybrid();
    const config = JSON.stringify(gateway.router.explain("default"));
    hosted.failNext(faults.anthropic.unauthenticated());
    const served = [];
    for (const stream of [true, false, true]) {
      served.push((await gateway.say(wire, { stream })).headers["x-headgate-model"]);
    }
    expect(served).toEqual([minimax, sonnet, sonnet]);
    expect(JSON.stringify(gateway.router.explain("default"))).toBe(config);
  });

  it("of one model leaves its siblings at the same provider alone", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ ...faults.anthropic.overloaded(), match: { model: "claude-sonnet-4-5" } });
    const asked = await Promise.all(
      ["sonnet", "opus", "sonnet", "opus"].map((model) => gateway.say("chat", { model })),
    );
    expect(asked.map(({ headers }) => headers["x-headgate-model"])).toEqual([minimax, opus, minimax, opus]);
    expect(asked[1]?.headers["x-headgate-attempts"]).toBe(`${opus}:ok`);
  });

  it("goes on to the third candidate when the second fails too", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail({ ...faults.anthropic.forbidden(), match: { model: "claude-sonnet-4-5" } });
    local.fail(faults.lmstudio.noModelsLoaded());
    const reply = await gateway.say("responses", { stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:forbidden,${minimax}:model_missing,${opus}:ok`);
    expect(dialects.responses.readStream(reply.events).text).toBe("Hello from anthropic/claude-opus-4-6.");
  });

  it("does not happen for a ref that was named: it is one candidate alone", async () => {
    const { hosted, local, gateway } = await startHybrid();
    hosted.fail(faults.anthropic.forbidden());
    const reply = await gateway.say("chat", { model: opus });
    expect(reply.status).toBe(502);
    expect(reply.headers["x-headgate-attempts"]).toBe(`${opus}:forbidden`);
    expect(dialects.chat.readError(reply.json)?.message).not.toContain("tried");
    expect(local.requests).toEqual([]);
  });
});
