import { createRouter } from "@headgate/core";
import { type Simulator, startSimulator } from "@headgate/simulator";
import { expect, it, onTestFinished } from "vitest";
import acme from "./plugin.ts";

async function start(): Promise<{ readonly server: Simulator; readonly ask: () => Promise<Response> }> {
  const server = await startSimulator({ kind: "openai-compatible", key: "secret", models: [{ id: "acme-large" }] });
  onTestFinished(() => server.close());
  const config = {
    agents: { defaults: { model: "acme/acme-large" } },
    models: { providers: { acme: { baseUrl: server.baseUrl, apiKey: "secret" } } },
  };
  const router = createRouter({ config, plugins: [acme] });
  const body = JSON.stringify({ messages: [{ role: "user", content: "Hello" }] });
  return { server, ask: () => router.fetch("http://headgate/v1/chat/completions", { method: "POST", body }) };
}

it("asks Acme on its own path, with its key and its model", async () => {
  const { server, ask } = await start();
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-headgate-model")).toBe("acme/acme-large");
  expect(server.requests[0]).toMatchObject({ path: "/v1/chat/completions", body: { model: "acme-large" } });
});

it.for([
  [401, "unauthenticated", 502],
  [402, "quota_exhausted", 429],
  [429, "rate_limited", 429],
  [418, "unsupported", 400],
  [500, "bad_answer", 502],
] as const)("reads Acme's status %s as %s", async ([status, kind, told]) => {
  const { server, ask } = await start();
  server.fail({ kind: "status", status });
  const answer = await ask();
  expect(answer.headers.get("x-headgate-attempts")).toContain(`acme/acme-large:${kind}`);
  expect(answer.status).toBe(told);
});
