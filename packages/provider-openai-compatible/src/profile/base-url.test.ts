import { describe, expect, test } from "vitest";
import { baseUrlFault, readBaseUrl, wireUrl } from "./base-url.ts";

describe("a base URL", () => {
  test.each([
    ["http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"],
    ["http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"],
    ["http://127.0.0.1:1234", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"],
    ["http://127.0.0.1:1234/", "http://127.0.0.1:1234/v1", "http://127.0.0.1:1234"],
    ["http://LOCALHOST:8000//", "http://localhost:8000/v1", "http://localhost:8000"],
    ["https://api.anthropic.com", "https://api.anthropic.com/v1", "https://api.anthropic.com"],
    ["https://api.anthropic.com/v1", "https://api.anthropic.com/v1", "https://api.anthropic.com"],
    ["https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1", "https://openrouter.ai/api"],
    ["https://openrouter.ai/api", "https://openrouter.ai/api/v1", "https://openrouter.ai/api"],
    ["https://api.groq.com/openai/v1/", "https://api.groq.com/openai/v1", "https://api.groq.com/openai"],
    ["https://host/v1beta/openai", "https://host/v1beta/openai", "https://host/v1beta/openai"],
    ["https://host/api/paas/v4", "https://host/api/paas/v4", "https://host/api/paas"],
    ["https://host/v10x-team", "https://host/v10x-team/v1", "https://host/v10x-team"],
  ])("%s is read as %s", (text, root, server) => {
    expect(readBaseUrl(text)).toMatchObject({ root, server });
  });

  test.each([
    ["chat", "http://h:1/v1/chat/completions?api-version=preview"],
    ["responses", "http://h:1/v1/responses?api-version=preview"],
    ["messages", "http://h:1/v1/messages?api-version=preview"],
    ["embeddings", "http://h:1/v1/embeddings?api-version=preview"],
  ] as const)("puts the path of %s before the user's query", (wire, url) => {
    expect(wireUrl(readBaseUrl("http://h:1/v1/?api-version=preview"), wire)).toBe(url);
  });

  test.each([
    ["http://127.0.0.1:1/v1", true],
    ["http://127.9.9.9", true],
    ["http://127.1", true],
    ["http://localhost:1234", true],
    ["http://[::1]:1234", true],
    ["http://[::ffff:127.0.0.1]:1234", true],
    ["http://0.0.0.0:1234", false],
    ["http://192.168.1.5", false],
    ["http://127.0.0.1.example.com", false],
    ["http://localhost.example.com", false],
    ["https://api.openai.com", false],
  ])("%s is loopback: %s", (text, loopback) => {
    expect(readBaseUrl(text).loopback).toBe(loopback);
  });

  test.each([
    ["127.0.0.1:1234", "http"],
    ["/v1", "absolute URL"],
    ["", "absolute URL"],
    ["ftp://host", "http:// or https://"],
    ["http://user:secret@host", "apiKey"],
    ["http://host/v1#x", "fragment"],
  ])("%s is refused, with the way out", (text, word) => {
    expect(baseUrlFault(text)).toContain(word);
    expect(() => readBaseUrl(text)).toThrow(/^baseUrl /);
    expect(baseUrlFault(text)).not.toContain("secret");
  });
});
