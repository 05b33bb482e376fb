import type { Answer, RecordedRequest, SimulatorKind } from "@headgate/simulator";
import { checkStream, type TextWire } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import type { Reply } from "../harness/ask.ts";
import { dialects } from "../harness/dialects/index.ts";
import type { JsonObject } from "../harness/json.ts";
import { type Stack, startStack } from "../harness/stack.ts";
import { callOf, inputOf, oddRoles, prefixOf, toldOf } from "./backend-view.ts";
import type { BackendName, RealClient } from "./client.ts";
import { clients } from "./clients.ts";
import { callsIn, keep } from "./keep.ts";
import { opencode, titleRequest } from "./opencode.ts";

interface Backend {
  readonly name: BackendName;
  readonly wire: TextWire;
  readonly kind: SimulatorKind;
  readonly model: string;
}

const backends: readonly Backend[] = [
  { name: "chat", wire: "chat", kind: "openai-compatible", model: "my-local-model" },
  { name: "responses", wire: "responses", kind: "openai", model: "gpt-5.5" },
  { name: "messages", wire: "messages", kind: "anthropic", model: "claude-sonnet-4-5" },
  { name: "newest", wire: "messages", kind: "anthropic", model: "claude-opus-5-5" },
];

const keyOfTheBackend = "sk-of-the-backend";

/** One backend for whatever name a client asks for. */
const start = ({ wire, kind, model }: Backend): Promise<Stack<"backend">> =>
  startStack({ backend: { kind, key: keyOfTheBackend } }, ({ backend }) => ({
    config: {
      gateway: { keys: ["sk-of-headgate"] },
      routes: { "*": { primary: `${kind}/${model}` } },
      models: { providers: { [kind]: { baseUrl: backend.baseUrl, apiKey: keyOfTheBackend, wires: [wire] } } },
    },
  }));

const send = ({ gateway }: Stack<"backend">, client: RealClient, body: JsonObject): Promise<Reply> =>
  gateway.ask(dialects[client.wire].path + (client.query ?? ""), { body, headers: client.headers });

function expectGood(client: RealClient, backend: Backend, reply: Reply, warnings: readonly string[]): void {
  expect(reply.status, reply.text).toBe(200);
  expect(reply.broken).toBe(false);
  // A backend's own bytes are its own affair.
  if (client.first.stream === true && backend.wire !== client.wire) {
    expect(checkStream(client.wire, reply.events)).toEqual([]);
  }
  const told = reply.headers["x-headgate-warnings"]?.split(",").map(decodeURIComponent) ?? [];
  expect.soft(told.toSorted()).toEqual(warnings.toSorted());
}

function expectReceived(client: RealClient, backend: Backend, request: RecordedRequest | undefined): void {
  expect(request?.status).toBe(200);
  expect(request?.path).toBe(dialects[backend.wire].path);
  for (const words of client.says) expect(request?.text).toContain(words);
  expect(request?.text).not.toContain("sk-of-headgate");
  expect(JSON.stringify(request?.headers)).not.toContain("sk-of-headgate");
  if (backend.name !== "newest") expect(oddRoles(backend.wire, request?.body)).toEqual([]);
}

const secret = "RXJ0aGUgc2VjcmV0IG9mIHRoaXMgYmFja2VuZCwgbG9uZyBlbm91Z2g=";

describe.each(clients.map((client) => ({ client, name: client.name })))("$name", ({ client }) => {
  it.each(backends)("takes a whole tool turn over $wire of $kind ($model)", async (backend) => {
    const stack = await start(backend);
    const thinking = { reasoning: "I should look.", text: "Let me look.", signature: secret };
    const calling = (request: RecordedRequest): Answer => ({
      ...thinking,
      toolCalls: [callOf(backend.wire, request, client.call)],
    });
    stack.backend.answerNext(calling, { text: "All is there." });

    const first = await send(stack, client, client.first);
    expectGood(client, backend, first, client.warnings[backend.name][0]);
    expectReceived(client, backend, stack.backend.requests[0]);
    const kept = keep(client.wire, first);
    const custom = typeof client.call.input === "string";
    expect(callsIn(client.wire, kept.pieces)).toEqual([{ ...client.call, id: kept.callId, custom }]);
    expect(dialects[client.wire].readStream(first.events).text).not.toContain("I should look.");

    const second = await send(stack, client, client.second(kept));
    expectGood(client, backend, second, client.warnings[backend.name][1]);
    const [asked, answered] = stack.backend.requests;
    expectReceived(client, backend, answered);
    const seals = backend.wire !== "chat" && client.unsealed?.includes(backend.wire) !== true;
    expect(answered?.text.includes(secret)).toBe(seals);
    const before = prefixOf(backend.wire, asked?.body, Number.POSITIVE_INFINITY);
    expect(prefixOf(backend.wire, answered?.body, before.length - 3)).toEqual(before);
    const scripted = callOf(backend.wire, asked as RecordedRequest, client.call);
    const { calls, results } = toldOf(backend.wire, answered?.body);
    expect(calls).toMatchObject([{ name: scripted.name, input: inputOf(scripted) }]);
    expect(results).toEqual([{ id: calls[0]?.id, text: expect.stringContaining(client.result) }]);
    const { readStream, readWhole } = dialects[client.wire];
    const said = client.first.stream === true ? readStream(second.events) : readWhole(second.json);
    expect(said).toMatchObject({ text: "All is there.", calls: [], finish: "stop" });
  });
});

describe("opencode", () => {
  it.each(backends)("is given a title beside its first turn over $wire of $kind ($model)", async (backend) => {
    const stack = await start(backend);
    stack.backend.answer(({ text }) => ({ text: text.includes("You write titles.") ? "Files" : "Here." }));
    const [client] = opencode as readonly [RealClient];
    const [title, turn] = await Promise.all([titleRequest, client.first].map((body) => send(stack, client, body)));
    const texts = [title, turn].map((reply) => dialects.chat.readStream(reply?.events ?? []).text);
    expect(texts).toEqual(["Files", "Here."]);
  });
});
