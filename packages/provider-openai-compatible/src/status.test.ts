import type { AskReply } from "@headgate/core/provider";
import { describe, expect, test } from "vitest";
import plugin from "./index.ts";

const provider = plugin.create({ baseUrl: "http://127.0.0.1:8080/v1" });

async function statusOf(status: number, json: unknown) {
  const asked: string[] = [];
  const told = provider.status?.("m", async (url, init): Promise<AskReply> => {
    asked.push(`${init?.method ?? "GET"} ${url}`);
    return { status, headers: {}, json, text: JSON.stringify(json) };
  });
  return { told: await told, asked };
}

const row = (value?: string, id = "m") => ({ id, owned_by: "llamacpp", ...(value && { status: { value } }) });

describe("a model of llama.cpp 0.5.0", () => {
  test.each([
    [
      "on a server that starts",
      503,
      { error: { message: "Loading model", type: "unavailable_error", code: 503 } },
      "loading",
    ],
    ["the only one, under another name", 200, { data: [row(undefined, "other")] }, "ready"],
    ["in router mode, loaded", 200, { data: [row("unloaded", "a"), row("loaded")] }, "ready"],
    ["in router mode, loading", 200, { data: [row("loading")] }, "loading"],
    ["in router mode, unloaded", 200, { data: [row("unloaded")] }, "cold"],
    ["in router mode, asleep", 200, { data: [row("sleeping")] }, "cold"],
    ["in router mode, unknown", 200, { data: [row("loaded", "a")] }, "missing"],
  ])("%s", async (_name, status, json, expected) => {
    expect(await statusOf(status, json)).toEqual({ told: expected, asked: ["GET http://127.0.0.1:8080/v1/models"] });
  });

  test.each([
    ["another server", 200, { data: [{ id: "m", owned_by: "ollama" }] }],
    ["one that wants a key", 401, { error: "Unauthorized" }],
    ["one that is too busy", 503, { error: { message: "busy" } }],
    ["words unknown so far", 200, { data: [row("hibernating")] }],
    ["no list", 200, "hello"],
  ])("is not guessed of %s", async (_name, status, json) => {
    await expect(statusOf(status, json)).rejects.toThrow(/^it (?:does not tell|says nothing known)/);
  });
});
