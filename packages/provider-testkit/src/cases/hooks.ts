import type { AnswerHead, Boundary, Call, FailedReply, ModelFacts, Provider, Wire } from "@headgate/core";
import { callsFor } from "../odd/calls.ts";
import { oddModels } from "../odd/models.ts";
import { heads, replyOf } from "../odd/replies.ts";
import { fillIn } from "../settings.ts";
import { type Subject, validated } from "../subject.ts";
import { show } from "../text.ts";

/** The functions of a plugin that are pure. */
export type Hook = "create" | "request" | "failure" | "places" | "features" | "observe";

/** One call of a hook. */
export interface Invocation {
  readonly label: string;
  /** Plain data, to be cloned for each call. */
  readonly input: unknown;
  readonly call: (input: unknown, provider: Provider) => unknown;
}

/** How each hook is called, in all the ways that matter. */
export const hooks: Readonly<Record<Hook, { readonly invocations: (subject: Subject) => readonly Invocation[] }>> = {
  create: { invocations: (subject) => createInvocations(subject) },
  request: {
    invocations: (subject) =>
      callsFor(subject.make(), subject.model).map((input) => ({
        label: `${input.operation} on ${input.wire} with ${show(input.body)}`,
        input,
        call: (call, provider) => provider.request(call as Call),
      })),
  },
  failure: {
    invocations: (subject) =>
      repliesFor(wiresOf(subject)).map((input) => ({
        label: `${input.status} ${show(input.body)}`,
        input,
        call: (reply, provider) => provider.failure(reply as FailedReply),
      })),
  },
  places: {
    invocations: (subject) =>
      modelsFor(subject).flatMap((model) =>
        boundaries.map((within) => ({
          label: `${show(model.id)} within ${within?.join("+") ?? "anywhere"}`,
          input: { model, within },
          call: (input, provider) => {
            const asked = input as { readonly model: ModelFacts; readonly within: Boundary };
            return provider.places(asked.model, asked.within);
          },
        })),
      ),
  },
  features: {
    invocations: (subject) =>
      modelsFor(subject).map((input) => ({
        label: show(input.id),
        input,
        call: (model, provider) => provider.features?.(model as ModelFacts),
      })),
  },
  observe: {
    invocations: (subject) =>
      headsFor(wiresOf(subject)).map((input) => ({
        label: show(input.body),
        input,
        call: (head, provider) => provider.observe?.(head as AnswerHead),
      })),
  },
};

const boundaries: readonly Boundary[] = [undefined, ["local"], ["eu"], ["us", "de"], []];

const modelsFor = (subject: Subject): readonly ModelFacts[] => [
  subject.model,
  ...(subject.plugin.catalog ?? []),
  ...oddModels,
];

const wiresOf = (subject: Subject): readonly Wire[] => Object.keys(subject.make().wires) as Wire[];

function createInvocations(subject: Subject): readonly Invocation[] {
  const origins = subject.moves ? ["http://127.0.0.1:9", "https://api.example.com"] : ["http://127.0.0.1:9"];
  return origins.map((origin) => ({
    label: origin,
    input: validated(subject.plugin, fillIn(subject.settings, subject.at(origin))),
    call: (config) => subject.plugin.create(config),
  }));
}

const errors: readonly unknown[] = [
  undefined,
  "Service Unavailable",
  { error: { message: "no", type: "invalid_request_error", code: "context_length_exceeded", param: null } },
  { error: "text" },
  { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  { detail: "Not Found" },
];

const repliesFor = (wires: readonly Wire[]): readonly FailedReply[] =>
  wires.flatMap((wire) =>
    [200, 400, 401, 404, 429, 503].flatMap((status) =>
      errors.map((body) => replyOf(wire, status, body, { "retry-after": "7", date: "Tue, 24 Nov 2026 10:00:00 GMT" })),
    ),
  );

/** Beginnings of answers, good and odd, on every wire. */
export const headsFor = (wires: readonly Wire[]): readonly AnswerHead[] =>
  wires.flatMap((wire) => heads.map((body) => ({ ...head, wire, body })));

const head = { model: "my-model", facts: { id: "my-model" }, within: ["eu"], headers: { "x-request-id": "1" } };

/** What of a result can be compared: a provider's functions cannot. */
export function dataOf(result: unknown): unknown {
  if (typeof result !== "object" || result === null || Array.isArray(result)) return result;
  return Object.fromEntries(Object.entries(result).filter(([, value]) => typeof value !== "function"));
}
