import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { answerStateRequest } from "./endpoints.ts";
import { createMemoryStore } from "./memory-store.ts";

const response = { id: "resp_1", object: "response", output: [] };
const input = Array.from({ length: 25 }, (_, index) => ({ id: `msg_${index}`, role: "user", content: `${index}` }));

async function ask(target: string, method = "GET", owner = "key"): Promise<{ status?: number; body: JsonObject }> {
  const store = createMemoryStore();
  await store.put("key", { response, input });
  const [path = "", query = ""] = target.split("?");
  const outbound = await answerStateRequest(
    { method, path, query: new URLSearchParams(query), owner },
    store,
    () => "request1",
  );
  if (outbound === undefined) return { body: {} };
  expect(outbound.headers).toMatchObject({ "content-type": "application/json", "x-headgate-request-id": "request1" });
  return { status: outbound.status, body: JSON.parse(String(outbound.body)) as JsonObject };
}

const idsOf = ({ data }: JsonObject): unknown[] => (data as JsonObject[]).map(({ id }) => id);

describe("answerStateRequest", () => {
  it("gives a response back as it was", async () => {
    expect(await ask("/v1/responses/resp_1")).toEqual({ status: 200, body: response });
  });

  it("deletes a response", async () => {
    const body = { id: "resp_1", object: "response", deleted: true };
    expect(await ask("/v1/responses/resp_1", "DELETE")).toEqual({ status: 200, body });
  });

  it.each([
    ["GET", ""],
    ["DELETE", ""],
    ["GET", "/input_items"],
    ["POST", "/cancel"],
  ])("%s …/{id}%s: 404 for what is not there, and for what is another's", async (method, tail) => {
    const error = { type: "invalid_request_error", code: "not_found", param: "response_id" };
    const missing = await ask(`/v1/responses/resp_%39${tail}`, method);
    expect(missing).toMatchObject({
      status: 404,
      body: { error: { ...error, message: "Response with id 'resp_9' not found." } },
    });
    const foreign = await ask(`/v1/responses/resp_1${tail}`, method, "other");
    expect(foreign).toMatchObject({ status: 404, body: { error } });
  });

  it("says why nothing can be cancelled or streamed again", async () => {
    const cancelled = await ask("/v1/responses/resp_1/cancel", "POST");
    expect(cancelled).toMatchObject({ status: 400, body: { error: { param: "response_id" } } });
    const streamed = await ask("/v1/responses/resp_1?stream=true");
    expect(streamed).toMatchObject({ status: 400, body: { error: { param: "stream" } } });
  });

  it("lists input items, the latest first, in their long form", async () => {
    const { body } = await ask("/v1/responses/resp_1/input_items");
    expect(body).toMatchObject({ object: "list", first_id: "msg_24", last_id: "msg_5", has_more: true });
    expect((body.data as JsonObject[])[0]).toEqual({
      type: "message",
      id: "msg_24",
      role: "user",
      status: "completed",
      content: [{ type: "input_text", text: "24" }],
    });
  });

  it.each([
    ["order=asc&limit=2", ["msg_0", "msg_1"], true],
    ["order=asc&limit=2&after=msg_22", ["msg_23", "msg_24"], false],
    ["limit=3&after=msg_2", ["msg_1", "msg_0"], false],
    ["after=msg_0", [], false],
  ])("lists ?%s", async (query, ids, more) => {
    const { body } = await ask(`/v1/responses/resp_1/input_items?${query}`);
    expect(idsOf(body)).toEqual(ids);
    expect(body).toMatchObject({ has_more: more, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
  });

  it.each(["order=up", "limit=0", "limit=101", "limit=x", "after=msg_99"])("refuses ?%s", async (query) => {
    const { status, body } = await ask(`/v1/responses/resp_1/input_items?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { param: query.split("=")[0] } } });
  });

  it.each([
    ["GET", "/v1/responses"],
    ["POST", "/v1/responses/resp_1"],
    ["POST", "/v1/responses/compact"],
    ["GET", "/v1/responses/resp_1/other"],
    ["GET", "/v1/models"],
  ])("leaves %s %s to others", async (method, path) => {
    expect(await ask(path, method)).toEqual({ body: {} });
  });
});
