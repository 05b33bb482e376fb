import type { FailedReply, Wire } from "@headgate/core/provider";

const wires: Readonly<Record<string, Wire>> = {
  "chat/completions": "chat",
  responses: "responses",
  messages: "messages",
  embeddings: "embeddings",
  completions: "completions",
};

/** A recorded exchange with a real server: what was asked, and the reply as a plugin is shown it. */
export interface Exchange {
  readonly path: string;
  /** What was sent; `undefined` where it was no JSON, or cut short for its length. */
  readonly sent: unknown;
  readonly reply: FailedReply;
}

/** Reads one: request line and body, a line of dashes, then status, headers, an empty line and the raw body. */
export function parseExchange(file: string): Exchange {
  const [request = "", answer = ""] = file.split("\n----\n");
  const [line = "", ...sent] = request.split("\n");
  const [head = "", ...rest] = answer.split("\n\n");
  const [status, ...lines] = head.split("\n");
  const text = rest.join("\n\n").trim();
  const headers = Object.fromEntries(
    lines.map((each) => [each.split(":", 1).join("").toLowerCase(), each.slice(each.indexOf(":") + 1).trim()]),
  );
  const path = line.split(" ")[1] ?? "";
  return {
    path,
    sent: parsed(sent.join("\n")),
    reply: {
      wire: wires[path.replace(/^\/v1\//, "").replace(/\/count_tokens$/, "")] ?? "chat",
      model: /"model": "([^"]*)"/.exec(request)?.[1] ?? "",
      phase: "status",
      status: Number(status),
      headers,
      body: parsed(text),
      text,
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
