import type { SimLoads } from "./backends/backend.ts";
import type { SimulatorKind } from "./backends/create.ts";
import type { SimModel } from "./backends/model.ts";
import type { SimOpenRouter } from "./backends/openrouter/account.ts";
import type { Fault } from "./faults/fault.ts";
import type { RecordedRequest } from "./server/record.ts";
import type { AnswerSource } from "./server/state.ts";

/** What to simulate. */
export interface SimulatorOptions {
  readonly kind: SimulatorKind;
  /** Default: a few of the backend's own. */
  readonly models?: readonly SimModel[];
  /** `openai-compatible`: one server of the kind, as it really is. Default: what most of them have in common. */
  readonly server?: "llama.cpp";
  /** Requests without this key get the backend's 401. Default: any key or none. */
  readonly key?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** LM Studio: a request for a model that is not loaded loads it. Default true. */
  readonly jit?: boolean;
  /** OpenRouter: its account, providers and endpoints. Default: an ordinary account and a few of each. */
  readonly openrouter?: SimOpenRouter;
  /** How many requests are remembered, the newest. Default 2000. */
  readonly remember?: number;
}

/** A running backend. */
export interface Simulator {
  readonly kind: SimulatorKind;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** What a user writes as base URL: with `/v1` (OpenRouter: `/api/v1`), but for Anthropic. */
  readonly baseUrl: string;
  /** Says this from now on. */
  answer(answer: AnswerSource): void;
  /** Says these first, one for each answered request. */
  answerNext(...answers: readonly AnswerSource[]): void;
  /** Fails so from now on. The newest fault that matches counts. */
  fail(fault: Fault): void;
  /** Fails the next requests so, one fault each; `{ kind: "none" }` lets one through. */
  failNext(...faults: readonly Fault[]): void;
  /** Forgets every fault. */
  heal(): void;
  /** What was received, oldest first, but for looks. The entries keep changing until their answer is over. */
  readonly requests: readonly RecordedRequest[];
  /** LM Studio: looks at what is in memory (`/api/v0/models`, `/api/v1/models`); they come whenever the client finds it right. */
  readonly looks: readonly RecordedRequest[];
  /** LM Studio: loads of models. The compatible server can be held while it starts; elsewhere nothing is ever loaded. */
  readonly loads: SimLoads;
  /** The first request, past or coming, for which this holds. Rejects after 5 s unless told otherwise. */
  waitFor(predicate: (request: RecordedRequest) => boolean, timeoutMs?: number): Promise<RecordedRequest>;
  /** The next request that its client gives up. */
  nextClose(timeoutMs?: number): Promise<RecordedRequest>;
  /** Closes the port and every connection: from now on connections are refused. */
  refuse(): Promise<void>;
  /** Opens the same port again. */
  listen(): Promise<void>;
  readonly openConnections: number;
  /** Inference requests that are being answered. */
  readonly activeRequests: number;
  /** Forgets faults, scripted answers, requests and loads. */
  reset(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
