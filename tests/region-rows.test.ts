import { type Fault, faults } from "@headgate/simulator";
import { textWires } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { worldTransport } from "./harness/openrouter.ts";
import { type Stack, startStack } from "./harness/stack.ts";

/** A row that promises a place by its own settings, and how its backend says that it cannot keep that. */
interface Promised {
  readonly kind: "openai" | "anthropic";
  readonly row: Readonly<Record<string, string>>;
  readonly host: string;
  readonly model: string;
  readonly place: string;
  readonly broken: Fault;
}

const promised: readonly Promised[] = [
  {
    kind: "openai",
    row: { region: "eu" },
    host: "https://eu.api.openai.com",
    model: "gpt-4.1",
    place: "eu",
    broken: { kind: "status", status: 400, body: { error: { code: "data_residency_mismatch", message: "Not here." } } },
  },
  {
    kind: "anthropic",
    row: { geo: "us" },
    host: "https://api.anthropic.com",
    model: "claude-sonnet-4-5",
    place: "us",
    broken: {
      kind: "status",
      status: 400,
      body: { type: "error", error: { type: "invalid_request_error", message: "inference_geo is not supported" } },
    },
  },
];

/** The row, and in reserve for it one that runs nobody knows where and one on this machine. */
const start = ({ kind, row, host, model }: Promised): Promise<Stack<"backend" | "far" | "near">> =>
  startStack(
    {
      backend: { kind, key: "sk-test", models: [{ id: model }] },
      far: { kind: "openai-compatible" },
      near: { kind: "openai-compatible" },
    },
    ({ backend, far, near }) => ({
      transport: worldTransport({ [host]: backend }),
      config: {
        agents: {
          defaults: {
            model: { primary: `${kind}/${model}`, fallbacks: ["far/my-local-model", "near/my-local-model"] },
          },
        },
        models: {
          providers: {
            [kind]: { apiKey: "sk-test", ...row },
            far: { baseUrl: far.baseUrl, place: "unknown" },
            near: { baseUrl: near.baseUrl },
          },
        },
      },
    }),
  );

describe.each(promised)("a row of $kind that promises $place", (one) => {
  const ref = `${one.kind}/${one.model}`;

  it.each(textWires)("answers from there (%s)", async (wire) => {
    const { gateway } = await start(one);
    const reply = await gateway.say(wire);
    expect(reply.headers).toMatchObject({ "x-headgate-place": one.place, "x-headgate-model": ref });
  });

  it.each(textWires)("binds those that follow, where it cannot keep that (%s)", async (wire) => {
    const { gateway, backend, far, near } = await start(one);
    backend.fail(one.broken);
    const reply = await gateway.say(wire);
    expect(reply.headers["x-headgate-attempts"]).toBe(`${ref}:policy,near/my-local-model:ok`);
    expect(far.requests).toEqual([]);
    expect(near.requests).toHaveLength(1);
  });

  it("binds nobody, where it is busy", async () => {
    const { gateway, backend, far } = await start(one);
    backend.fail(faults.anthropic.overloaded());
    const reply = await gateway.say("chat");
    expect(reply.headers["x-headgate-model"]).toBe("far/my-local-model");
    expect(far.requests).toHaveLength(1);
  });

  it("asks nobody for a request that must be elsewhere", async () => {
    const { gateway, backend } = await start(one);
    const reply = await gateway.say("chat", { model: ref, headers: { "x-headgate-within": "jp" } });
    expect(reply.status).toBe(400);
    expect(backend.requests).toEqual([]);
  });
});
