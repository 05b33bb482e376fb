import { defineProvider, type FailedReply, type Failure, type FailureKind } from "@headgate/core/provider";
import { z } from "zod";

/** Acme's own keys of a row. The host keeps the others, `apiKey` among them. */
const config = z.strictObject({ baseUrl: z.url().default("https://api.acme.example/v1") });

const kinds: ReadonlyMap<number, FailureKind> = new Map([
  [401, "unauthenticated"],
  [402, "quota_exhausted"],
  [403, "forbidden"],
  [404, "model_missing"],
  [429, "rate_limited"],
  [503, "overloaded"],
  [529, "overloaded"],
]);

/** Structure first: the code where Acme gives one, then the status. Words are for people. */
function failure({ status, headers, body, text }: FailedReply): Failure {
  const { code, message } = (body as { error?: { code?: unknown; message?: unknown } } | undefined)?.error ?? {};
  const kind: FailureKind =
    code === "context_length_exceeded"
      ? "context_overflow"
      : (kinds.get(status) ?? (status >= 400 && status < 500 ? "unsupported" : "bad_answer"));
  const said = [message, text].find((words) => typeof words === "string" && words.trim() !== "") ?? `status ${status}`;
  const seconds = Number.parseInt(headers["retry-after"] ?? "", 10);
  return { kind, message: String(said).slice(0, 300), ...(seconds > 0 && { retryAfter: seconds * 1000 }) };
}

export default defineProvider<z.infer<typeof config>>({
  contract: 1,
  kind: "acme",
  config,
  auth: { header: "authorization", prefix: "Bearer ", env: "ACME_API_KEY", required: true },
  catalog: [{ id: "acme-large", contextWindow: 131_072, tools: true, input: ["text"] }],
  create({ baseUrl }) {
    const { origin, pathname } = new URL(baseUrl);
    return {
      wires: { chat: "exact" },
      origins: [origin],
      places: () => ["unknown"],
      request: ({ model }) => ({
        url: `${origin}${pathname.replace(/\/+$/, "")}/chat/completions`,
        set: { model: model.id },
      }),
      failure,
    };
  },
});
