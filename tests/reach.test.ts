import { describe, expect, it } from "vitest";
import { dialects } from "./harness/dialects/index.ts";
import { minimax, sonnet, startHybrid } from "./harness/hybrid.ts";

const far = "https://images.example/a.png";
const near = "data:image/png;base64,iVBORw0KGgo=";

const image = (url: string) => [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
const search = [{ type: "web_search_20250305", name: "web_search" }];

const start = (allow?: readonly string[]) =>
  startHybrid({
    settings: {
      "models.providers.anthropic.place": "us",
      "models.providers.lmstudio.place": "unknown",
      "models.providers.anthropic.models": [{ id: "claude-sonnet-4-5", input: ["text", "image"] }],
      ...(allow === undefined ? {} : { "models.providers.anthropic.allow": allow }),
    },
  });

const us = { "x-headgate-within": "us" };

describe("a request with a boundary that names something elsewhere", () => {
  it.each([
    { what: "an image by URL", within: true, body: { messages: image(far) }, allow: undefined, status: 400 },
    {
      what: "an image by URL, allowed",
      within: true,
      body: { messages: image(far) },
      allow: ["remote-urls"],
      status: 200,
    },
    {
      what: "an image by URL, without a boundary",
      within: false,
      body: { messages: image(far) },
      allow: undefined,
      status: 200,
    },
    { what: "an image that it holds", within: true, body: { messages: image(near) }, allow: undefined, status: 200 },
  ])("on chat: $what is $status", async ({ within, body, allow, status }) => {
    const { hosted, gateway } = await start(allow);
    const reply = await gateway.ask("/v1/chat/completions", {
      body: { model: "sonnet", ...body },
      ...(within ? { headers: us } : {}),
    });
    expect(reply.status).toBe(status);
    expect(hosted.requests).toHaveLength(status === 200 ? 1 : 0);
    if (status === 200) return;
    expect(dialects.chat.readError(reply.json)).toMatchObject({
      type: "invalid_request_error",
      code: "outside_boundary",
    });
    expect(gateway.receipts[0]?.candidates[0]).toMatchObject({
      ref: sonnet,
      skipped: expect.stringContaining("by URL"),
    });
  });

  it.each([
    { allow: undefined, status: 400 },
    { allow: ["hosted-tools"], status: 200 },
  ])("on messages: a hosted tool, allowed: $allow, is $status", async ({ allow, status }) => {
    const { hosted, gateway } = await start(allow);
    const reply = await gateway.ask("/v1/messages", {
      body: { model: "sonnet", max_tokens: 9, tools: search, messages: [{ role: "user", content: "hello" }] },
      headers: us,
    });
    expect(reply.status).toBe(status);
    expect(hosted.requests).toHaveLength(status === 200 ? 1 : 0);
  });

  it("is not counted there either", async () => {
    const { hosted, gateway } = await start();
    const reply = await gateway.ask("/v1/messages/count_tokens", {
      body: { model: "sonnet", tools: search, messages: [{ role: "user", content: "hello" }] },
      headers: us,
    });
    expect(reply.headers["x-headgate-estimated"]).toBe("1");
    expect(hosted.requests).toEqual([]);
  });

  it("is answered on this machine by a server that has no such tools", async () => {
    const { gateway } = await startHybrid();
    const reply = await gateway.ask("/v1/messages", {
      body: { model: "sonnet", max_tokens: 9, tools: search, messages: [{ role: "user", content: "hello" }] },
      headers: { "x-headgate-within": "local" },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers["x-headgate-model"]).toBe(minimax);
  });
});
