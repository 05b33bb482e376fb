import { describe, expect, it } from "vitest";
import type { Candidate } from "../candidate.ts";
import { createRouter } from "../router.ts";
import { admit } from "./admit.ts";

/** A candidate that speaks these wires, best first. */
function candidateOf(wires: readonly string[]): Candidate {
  const provider = {
    wires: {},
    origins: [],
    places: () => ["local"],
    request: () => ({ url: "" }),
    failure: () => ({}),
  };
  return {
    ref: { provider: "p", model: "m", text: "p/m" },
    entry: { disabled: undefined, provider, place: undefined },
    model: { id: "m" },
    wires: new Map(wires.map((wire) => [wire, "exact"])),
    features: new Set(),
    within: undefined,
  } as unknown as Candidate;
}

const needs = (audio: boolean) => ({
  tools: false,
  images: false,
  audio,
  files: false,
  reasoning: false,
  structuredOutput: false,
});

const reach = () => ({ urls: false, hostedTools: false });

const admitted = (wires: readonly string[], wire: "chat" | "responses" | "messages", audio: boolean) =>
  admit(candidateOf(wires), { wire, within: undefined, needs: () => needs(audio), reach });

describe("the wire that a candidate is asked on", () => {
  it.each([
    [["chat", "messages"], "messages", false, "messages"],
    [["messages", "chat"], "responses", false, "messages"],
    [["messages", "chat"], "responses", true, "chat"],
    [["messages", "responses"], "chat", true, "responses"],
  ] as const)("of %j for a client of %s (audio: %s) is %s", (wires, wire, audio, chosen) => {
    expect(admitted(wires, wire, audio)).toMatchObject({ wire: chosen });
  });

  it("must have a form for audio where the request holds some", () => {
    expect(admitted(["messages"], "chat", true)).toMatchObject({
      kind: "unsupported",
      skipped: "it speaks no wire that has a form for audio",
    });
    expect(admitted(["messages"], "chat", false)).toMatchObject({ wire: "messages" });
  });
});

describe("a router", () => {
  it("names a candidate that is skipped for want of a form", async () => {
    const anthropicLike = {
      contract: 1,
      kind: "speaker",
      config: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
      create: () => ({
        wires: { messages: "exact" },
        origins: ["http://127.0.0.1:9"],
        places: () => ["local"],
        request: () => ({ url: "http://127.0.0.1:9/" }),
        failure: () => ({ kind: "bad_answer", message: "" }),
      }),
    } as never;
    const router = createRouter({ config: { models: { providers: { speaker: {} } } }, plugins: [anthropicLike] });
    const content = [{ type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } }];
    const reply = await router.fetch("http://headgate/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "speaker/m", messages: [{ role: "user", content }] }),
    });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain("no wire that has a form for audio");
  });
});
