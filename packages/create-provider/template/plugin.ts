import { type Ask, defineProvider, type FailedReply, type Failure, type FailureKind } from "@headgate/core/provider";
import { z } from "zod";

/** Your own keys of a row. The host keeps the others, `apiKey` among them. */
const config = z.strictObject({ baseUrl: z.url().default("https://api.my-backend.example/v1") });

/** What an error's code means, and what a status alone does. */
const codes = new Map<unknown, FailureKind>([["context_length_exceeded", "context_overflow"]]);
const statuses = new Map<number, FailureKind>([
  [401, "unauthenticated"],
  [402, "quota_exhausted"],
  [403, "forbidden"],
  [404, "model_missing"],
  [429, "rate_limited"],
  [503, "overloaded"],
]);

/** Structure first: the code where there is one, then the status. Words are for people. */
function failure({ status, headers, body, text }: FailedReply): Failure {
  const { code, message } = (body as { error?: { code?: unknown; message?: unknown } } | undefined)?.error ?? {};
  const other = status >= 400 && status < 500 ? "unsupported" : "bad_answer";
  const said = [message, text].find((words) => typeof words === "string" && words.trim() !== "") ?? `status ${status}`;
  const seconds = Number.parseInt(headers["retry-after"] ?? "", 10);
  return {
    kind: codes.get(code) ?? statuses.get(status) ?? other,
    message: String(said).slice(0, 300),
    ...(seconds > 0 && { retryAfter: seconds * 1000 }),
  };
}

/** Every model once; a reply without a list is no empty list. */
async function models(ask: Ask, url: string) {
  const { status, json } = await ask(url);
  const list = (json as { data?: unknown } | undefined)?.data;
  if (status !== 200 || !Array.isArray(list)) throw new Error(`My Backend gives no model list (status ${status})`);
  const ids = list.map((row: { id?: unknown } | null) => row?.id).filter((id) => typeof id === "string" && id !== "");
  return [...new Set(ids)].map((id) => ({ id: String(id) }));
}

export default defineProvider<z.infer<typeof config>>({
  contract: 1,
  kind: "my-backend",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "MY_BACKEND_API_KEY", required: true },
  create({ baseUrl }) {
    const root = baseUrl.replace(/\/+$/, "");
    return {
      wires: { chat: "exact" },
      origins: [new URL(baseUrl).origin],
      places: () => ["unknown"],
      request: ({ model }) => ({ url: `${root}/chat/completions`, set: { model: model.id } }),
      failure,
      models: (ask) => models(ask, `${root}/models`),
    };
  },
});
