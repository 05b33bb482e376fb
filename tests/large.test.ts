import { checkStream, textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, sonnet, startHybrid } from "./harness/hybrid.ts";
import { textAt } from "./harness/json.ts";

const mebibyte = 2 ** 20;

describe.each(textWires)("to a client of %s", (wire) => {
  const dialect = dialects[wire];

  it.each([
    ["streamed", true],
    ["whole", false],
  ])("%s: an answer of many mebibytes comes whole, through and translated", async (_, stream) => {
    const { hosted, local, gateway } = await startHybrid();
    const text = Array.from({ length: 150 }, (_, index) => `${index} ${"ü🙂x ".repeat(2500)}`);
    for (const backend of [hosted, local]) backend.answer({ text });
    for (const model of ["opus", "minimax local"]) {
      const reply = await gateway.say(wire, { model, stream });
      const said = stream ? dialect.readStream(reply.events) : dialect.readWhole(reply.json);
      expect(said.text === text.join("")).toBe(true);
    }
  });

  it("a first frame of several mebibytes is an answer like any other", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "huge-frame", bytes: 4 * mebibyte });
    const reply = await gateway.say(wire, { model: "sonnet", stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:ok`);
    expect(dialect.readStream(reply.events).text).toHaveLength(4 * mebibyte);
  });

  it("a frame beyond all bounds is a bad answer, and the local model serves", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.fail({ kind: "huge-frame", bytes: 17 * mebibyte });
    const reply = await gateway.say(wire, { model: "sonnet", stream: true });
    expect(reply.headers["x-headgate-attempts"]).toBe(`${sonnet}:bad_answer,${sonnet}:bad_answer,${minimax}:ok`);
    expect(gateway.receipts[0]?.attempts[0]?.message).toContain("larger than");
  });

  it("hundreds of streams at once keep their words to themselves", async () => {
    const { hosted, local, gateway } = await startHybrid();
    const words = (body: unknown): string => /number \d+\./.exec(JSON.stringify(body))?.[0] ?? "";
    for (const backend of [hosted, local]) {
      backend.answer(({ body }) => ({ text: Array.from({ length: 20 }, () => `${words(body)} `) }));
    }
    hosted.fail({ kind: "none", times: 70 });
    // No failure of its key or its load: its breaker stays as it is.
    hosted.fail({ kind: "status", status: 404, times: 70 });
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const conversation = { turns: [{ role: "user" as const, text: `number ${index}.` }] };
        return gateway.say(wire, { model: "sonnet", stream: true, conversation });
      }),
    );
    for (const [index, reply] of replies.entries()) {
      expect(dialect.readStream(reply.events).text).toBe(`number ${index}. `.repeat(20));
    }
    const served = replies.map(({ headers }) => headers["x-headgate-model"]);
    expect(served.filter((ref) => ref === minimax)).toHaveLength(70);
  });
});

describe("an answer that does not come to its end", () => {
  const text = Array.from({ length: 20 }, () => "x".repeat(mebibyte));

  it("is cut for a client of Responses, which would hear all of it again", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.answer({ text });
    const reply = await gateway.say("responses", { model: "sonnet", stream: true });
    expect(reply.broken).toBe(true);
    expect(dialects.responses.readStreamError(reply.events)?.message).toContain("no end in");
    expect(gateway.receipts[0]).toMatchObject({ outcome: "failed", failure: { kind: "bad_answer" } });
  });

  it("goes on for others", async () => {
    const { hosted, gateway } = await startHybrid();
    hosted.answer({ text });
    const reply = await gateway.say("chat", { model: "sonnet", stream: true });
    expect(dialects.chat.readStream(reply.events).text).toHaveLength(20 * mebibyte);
  });
});

describe("instructions of a mebibyte", () => {
  it("are repeated by a Responses backend before its first output, and do not count as silence", async () => {
    const { local, gateway } = await startHybrid({
      settings: { "models.providers.lmstudio.models[0].contextWindow": 10_000_000 },
    });
    const system = "Be brief. ".repeat(mebibyte / 10);
    const conversation = { system, turns: [{ role: "user" as const, text: "hi" }] };
    const passed = await gateway.say("responses", { model: "minimax local", stream: true, conversation });
    expect(passed.headers["x-headgate-attempts"]).toBe(`${minimax}:ok`);
    const translated = await gateway.say("chat", { model: "minimax local", stream: true, conversation });
    expect(translated.headers["x-headgate-attempts"]).toBe(`${minimax}:ok`);
    expect(checkStream("chat", translated.events)).toEqual([]);
    expect(textAt(local.requests[0]?.body, "instructions")).toHaveLength(system.length);
  });
});
