import type { Router } from "@headgate/core";
import type { Finding, Said } from "./finding.ts";
import { isLocal, type ModelSeen } from "./judge-model.ts";

/** Milliseconds for a short answer, a queue before it included. */
const deadline = 20_000;

/** A few tokens, with a tool that there is no need for. */
const body = (model: string): string =>
  JSON.stringify({
    model,
    messages: [{ role: "user", content: "Say OK." }],
    max_tokens: 16,
    tools: [
      {
        type: "function",
        function: {
          name: "current_time",
          description: "Tells the time.",
          parameters: { type: "object", properties: {} },
        },
      },
    ],
    tool_choice: "auto",
  });

/**
 * Whether a model takes a request with a tool: no server tells of its tool parser in any other way. Only what is loaded is
 * asked, and only on this machine: nothing is loaded for it, and nobody pays.
 */
export async function tryTools(router: Router, model: ModelSeen, quick: boolean): Promise<readonly Finding[]> {
  const { seen, id, state, explanation } = model;
  const about = (said: Said): readonly Finding[] => [{ provider: seen.entry.id, model: id, ...said }];
  const isAdmitted = explanation.found && explanation.candidates.some(({ skipped }) => skipped === undefined);
  if (!isAdmitted || seen.list === undefined || state === "missing") return [];
  const [row] = seen.entry.row?.models.filter((one) => one.id === id) ?? [];
  if (row?.tools === false) return about({ check: "tools", level: "ok", seen: "the row says that it takes none" });
  const why = skipReason(model, quick);
  if (why !== undefined) return about({ check: "tools", level: "skipped", seen: `not tried: ${why}` });
  return about(await tryOnce(router, `${seen.entry.id}/${id}`, seen.entry.id));
}

function skipReason({ seen, id, state }: ModelSeen, quick: boolean): string | undefined {
  if (quick) return "--quick";
  // No list tells what a model is for.
  if (/embed|rerank/i.test(id)) return "by its name it holds no conversation";
  if (!isLocal(seen)) return "it does not surely run on this machine, and may cost money";
  return state === "ready" ? undefined : "it is not known to be loaded";
}

async function tryOnce(router: Router, ref: string, provider: string): Promise<Said> {
  const request = new Request("http://127.0.0.1/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: body(ref),
    signal: AbortSignal.timeout(deadline),
  });
  try {
    const reply = await router.fetch(request);
    const said = await reply.text();
    if (reply.ok) return { check: "tools", level: "ok", seen: "a request with a tool is answered" };
    return judge(said, reply.headers.get("x-headgate-attempts") ?? "", provider);
  } catch {
    const seen = `a request with a tool got no answer within ${deadline / 1000} s`;
    return { check: "tools", level: "warning", seen, fix: "see at the server what it is busy with" };
  }
}

/** `unsupported` is what adapters call a backend that takes no tools. */
function judge(text: string, attempts: string, provider: string): Said {
  const words = messageOf(text);
  const isOff = attempts.split(",").some((attempt) => attempt.endsWith(":unsupported"));
  const seen = isOff ? words : `a request with a tool failed: ${words}`;
  const fix = isOff
    ? `start the server so that it takes tools, or write tools: false in the model's row in models.providers.${provider}`
    : `see the server's own log, and ask again without a tool`;
  return { check: "tools", level: "broken", seen, fix };
}

function messageOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly message?: unknown } };
    return String(error?.message ?? text);
  } catch {
    return text.slice(0, 300);
  }
}
