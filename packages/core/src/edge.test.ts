import { expect, it } from "vitest";
import { destinationOf, errorWireOf } from "./edge.ts";

it.each([
  ["/v1/chat/completions", "model", "chat", "POST"],
  ["/v1/responses", "model", "responses", "POST"],
  ["/v1/messages", "model", "messages", "POST"],
  ["/v1/messages/count_tokens", "model", "messages", "POST"],
  ["/v1/embeddings", "model", "chat", "POST"],
  ["/v1/completions", "model", "chat", "POST"],
  ["/v1/models", "list", undefined, "GET,HEAD"],
  ["/v1/models/lmstudio/qwen/qwen3-8b", "list", undefined, "GET,HEAD"],
  ["/v1/responses/compact", "state", "responses", "POST"],
  ["/v1/responses/resp_1", "state", "responses", "GET,DELETE"],
  ["/v1/responses/resp_1/input_items", "state", "responses", "GET"],
  ["/v1/responses/resp_1/cancel", "state", "responses", "POST"],
] as const)("%s leads to a %s", (path, kind, wire, methods) => {
  const destination = destinationOf(path);
  expect(destination).toMatchObject({ kind, ...(wire === undefined ? {} : { wire }) });
  expect(destination?.methods.join()).toBe(methods);
});

it.each([
  "/",
  "/v1",
  "/v1/",
  "/completions",
  "/embeddings",
  "/v1/models/",
  "/v1/responses/",
  "/v1/responses/resp_1/",
  "/v1/responses/resp_1/other",
  "/v1/messages/batches",
  "/v1/messages/",
  "/__proto__",
])("%s leads nowhere", (path) => {
  expect(destinationOf(path)).toBeUndefined();
});

it.each([
  ["/v1/messages/count_tokens", {}, "messages"],
  ["/v1/messages/batches", {}, "messages"],
  ["/v1/embeddings", { "anthropic-version": "2023-06-01" }, "chat"],
  ["/v1/models", { "anthropic-version": "2023-06-01" }, "messages"],
  ["/v1/responses/resp_1", {}, "responses"],
  ["/nothing", {}, "chat"],
] as const)("errors at %s with %j are in the shape of %s", (path, headers, wire) => {
  expect(errorWireOf(path, headers)).toBe(wire);
});
