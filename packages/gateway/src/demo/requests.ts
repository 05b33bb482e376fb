/** A request to paste. */
export interface DemoRequest {
  readonly method: "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const headers = { "content-type": "application/json" };
const messages = [{ role: "user", content: "Hello" }];

/** One request for each API. */
export function demoRequests(url: string): readonly DemoRequest[] {
  return [
    { method: "POST", url: `${url}/v1/chat/completions`, headers, body: { model: "Sonnet", stream: true, messages } },
    { method: "POST", url: `${url}/v1/messages`, headers, body: { model: "Sonnet", max_tokens: 100, messages } },
    { method: "POST", url: `${url}/v1/responses`, headers, body: { model: "Sonnet", input: "Hello" } },
  ];
}

/** What makes the hosted backend fail, and what ends that. */
export function demoSwitch(simulator: string): { readonly fail: DemoRequest; readonly heal: DemoRequest } {
  const body = { kind: "status", status: 529, error: { type: "overloaded_error", message: "Overloaded" } };
  return {
    fail: { method: "POST", url: `${simulator}/__simulator/fail`, body },
    heal: { method: "POST", url: `${simulator}/__simulator/heal` },
  };
}

/** A request as a shell command. */
export function toCurl({ url, headers: sent, body }: DemoRequest): string {
  // A body makes curl send a POST; -i shows the headers that tell who answered.
  const words = [sent === undefined ? "curl -X POST" : "curl -i", url];
  for (const [name, value] of Object.entries(sent ?? {})) words.push(`-H '${name}: ${value}'`);
  if (body !== undefined) words.push(`-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  return words.join(" ");
}
