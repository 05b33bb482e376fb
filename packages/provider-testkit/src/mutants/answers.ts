import type { AnswerHead, Call } from "@headgate/core/provider";
import type { JsonObject } from "@headgate/wire";
import { type Mutant, ofBody, ofPlugin, ofProvider, ofRequest } from "./mutant.ts";

const without = (body: JsonObject, ...keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));

/** A body with every text changed. */
const withTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts(one, change)]));
};

const inTexts = (change: (text: string) => string) => (body: JsonObject) => withTexts(body, change) as JsonObject;

const listOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value : []);

const isImage = ({ type }: JsonObject): boolean => type === "image_url" || type === "image";

const withoutImages = (body: JsonObject): JsonObject => ({
  ...body,
  messages: listOf(body.messages).map((message) => ({
    ...message,
    content: Array.isArray(message.content) ? message.content.filter((part) => !isImage(part)) : message.content,
  })),
});

/** Lies about what is carried to the backend, and back. */
export const answerMutants: readonly Mutant[] = [
  ofRequest("serves-text", "it asks for answers where there are none", ({ url }) => ({
    url: url.replace("/v1", "/v2"),
  })),
  ofProvider("serves-text", "it speaks a wire that its backend does not", ({ wires }) => ({
    wires: { ...wires, responses: "exact" },
  })),
  ofRequest("serves-stream", "it streams from a path of its own", ({ url }, { stream }) => ({
    url: stream ? `${url}/stream` : url,
  })),
  ofBody("serves-tools", "it leaves the tools out", (body) => without(body, "tools", "tool_choice")),
  ofBody("serves-tool-turn", "it sends the first message alone", (body) => ({
    ...body,
    messages: listOf(body.messages).slice(0, 1),
  })),
  ofProvider("wires-exact", "it takes a loose wire for exact", ({ wires }) => ({
    wires: { ...wires, messages: "exact" },
  })),
  ofProvider("wires-exact", "it does not say that its models think aloud", () => ({ features: () => [] })),
  ofRequest("model-verbatim", "it writes models in lower case", ({ set }, { model }) => ({
    set: { ...set, model: model.id.toLowerCase() },
  })),
  ofRequest("model-verbatim", "it leaves out a model's vendor", ({ set }, { model }) => ({
    set: { ...set, model: model.id.split("/").at(-1) },
  })),
  ofBody(
    "unicode-unchanged",
    "it composes characters",
    inTexts((text) => text.normalize("NFC")),
  ),
  ofBody(
    "unicode-unchanged",
    "it cleans texts",
    inTexts((text) => text.replaceAll("\u0000", "").trim()),
  ),
  ofBody(
    "large-prompt",
    "it cuts long prompts",
    inTexts((text) => text.slice(0, 500_000)),
  ),
  ofBody("many-tools", "it takes the first 128 tools", (body) =>
    body.tools === undefined ? body : { ...body, tools: listOf(body.tools).slice(0, 128) },
  ),
  ofRequest("request-shape", "its addresses are relative", () => ({ url: "/v1/chat/completions" })),
  ofRequest("request-shape", "its headers are in capitals", () => ({ headers: { "X-Meridian": "1" } })),
  ofRequest("request-shape", "it sets the host", () => ({ headers: { host: "meridian.example" } })),
  ofRequest("request-shape", "its headers hold what none can", () => ({ headers: { "x-name": "世界" } })),
  ofRequest("request-shape", "its body holds a date", ({ set }) => ({ set: { ...set, at: new Date(0) } })),
  ofRequest("request-shape", "it unsets by a text", () => ({ unset: "routing" as never })),
  ofPlugin("key-sent", "its key is in another header", { auth: { header: "x-api-key" } }),
  ofPlugin("key-sent", "its key has no prefix", { auth: { header: "authorization" } }),
  ofProvider("observe-survives", "it trusts an answer's head", () => ({
    observe: ({ body }: AnswerHead) => ({ model: (body.message as { model: string }).model }),
  })),
  ofProvider("observe-survives", "its warnings are stories", () => ({
    observe: () => ({ warning: "why ".repeat(200) }),
  })),
  ofProvider("observe-invents-nothing", "it names what was asked for", () => ({
    observe: ({ model }: AnswerHead) => ({ model }),
  })),

  ofBody("wishes-kept", "it drops the temperature", (body) => without(body, "temperature")),
  ofBody("wishes-kept", "it caps the answer", (body) => ("max_tokens" in body ? { ...body, max_tokens: 256 } : body)),
  ofBody("wishes-kept", "it never streams", (body) => without(body, "stream")),
  ofBody("carries-images", "it leaves pictures out", withoutImages),
  ofRequest("carries-images", "it promises pictures, and says that it drops them", ({ set }, { body }: Call) => ({
    set: { ...withoutImages(body), ...set },
    dropped: ["messages"],
  })),
  ofBody("carries-reasoning", "it leaves out how hard to think", (body) =>
    without(body, "reasoning_effort", "thinking", "output_config", "reasoning"),
  ),
  ofBody("carries-structure", "it leaves out what form the answer must have", (body) =>
    without(body, "response_format", "output_config", "output_format", "tools", "tool_choice"),
  ),
  ofProvider("features-listed", "it has a feature that there is not", () => ({ features: () => ["telepathy"] })),
  ofProvider("features-taken", "it has a feature that its backend refuses", () => ({
    features: () => ["developer_role"],
  })),
  ofProvider("features-listed", "it has a feature twice", () => ({ features: () => ["think_tags", "think_tags"] })),
];
