import { RestoreTools } from "./pivot/restore-tools.ts";
import type { AnswerStage } from "./pivot/stage.ts";
import { ThinkTags } from "./pivot/think-tags.ts";
import type { ToolNames } from "./pivot/tool-names.ts";
import type { AnswerEvent } from "./pivot/types.ts";

/** What is known of the backend whose answer is read. */
export interface UpstreamOptions {
  /** Id of the provider, written on the seals that it makes. */
  readonly provider: string;
  /** How the request's tools were spelled for it. Default: by their own names. */
  readonly tools?: ToolNames | undefined;
  /**
   * Reasoning may stand in the text, between tags. `expected`: this model thinks before it speaks, and may leave out the
   * opening tag. Default: text is text.
   */
  readonly thinkTags?: "possible" | "expected" | undefined;
}

/**
 * Makes of what a backend said what its client must hear: its own tools' names, reasoning apart from text, the maker's
 * name on every seal. One instance an answer; events go through in the order they were read.
 */
export class AnswerStages {
  readonly #provider: string;
  readonly #stages: readonly AnswerStage[];

  constructor({ provider, tools, thinkTags }: UpstreamOptions) {
    this.#provider = provider;
    this.#stages = [
      ...(thinkTags === undefined ? [] : [new ThinkTags(thinkTags === "expected")]),
      ...(tools === undefined || tools.isPlain ? [] : [new RestoreTools(tools)]),
    ];
  }

  /** What becomes of these events; the same list where nothing can change. */
  pass(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
    let passed = events;
    for (const stage of this.#stages) {
      const out: AnswerEvent[] = [];
      for (const event of passed) stage.push(event, out);
      passed = out;
    }
    return passed.some(({ type }) => type === "seal") ? passed.map((event) => this.#stamp(event)) : passed;
  }

  #stamp(event: AnswerEvent): AnswerEvent {
    return event.type === "seal" ? { ...event, seal: { ...event.seal, provider: this.#provider } } : event;
  }
}
