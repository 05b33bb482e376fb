/** One lie in the engine: a piece of its source, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly instead: string;
}

const core = (name: string, path: string, find: string, instead: string): Mutant => ({
  name,
  file: `core/src/${path}`,
  find,
  instead,
});

const gateway = (name: string, path: string, find: string, instead: string): Mutant => ({
  name,
  file: `gateway/src/${path}`,
  find,
  instead,
});

/** Broken engines, each in one way. */
export const mutants: readonly Mutant[] = [
  core("a level of the boundary is forgotten", "admit/boundary.ts", "return both;", "return outer;"),
  core(
    "unknown lies inside",
    "provider/place.ts",
    'if (place === "unknown") return false;',
    'if (place === "unknown") return true;',
  ),
  core(
    "the header's boundary is ignored",
    "plan.ts",
    "inbound.client?.within, wished, earlier",
    "inbound.client?.within, earlier",
  ),
  core("the key's boundary is ignored", "plan.ts", "inbound.client?.within, wished", "wished"),
  core("the route's boundary is ignored", "plan.ts", "[resolution.within, ", "["),
  core(
    "the root's boundary is ignored",
    "plan.ts",
    "let within = config.within as Boundary;",
    "let within: Boundary = undefined;",
  ),
  core("the row's boundary is ignored", "admit/admit.ts", "narrow(outer, candidate.within)", "outer"),
  core(
    "one place inside is enough to be let in",
    "admit/admit.ts",
    "places.find((place) => !isInside(place, within))",
    "undefined",
  ),
  core(
    "a region that was not kept binds nobody",
    "run/fallback.ts",
    'if (next === "inside") queue.bind(asked.provider.within);',
    "",
  ),
  core(
    "what a region binds is not looked at again",
    "run/queue.ts",
    'this.#again(one.candidate);\n      if (!("skipped" in verdict)) this.#waiting.push(verdict);',
    "this.#again(one.candidate);\n      this.#waiting.push(one);",
  ),
  core("a clock ends nothing", "run/clocks.ts", "this.expired = name;\n    this.abort();", "this.expired = name;"),
  core("a failed attempt is left running", "run/clocks.ts", "if (abort) this.abort();", ""),
  core("nobody hears the client leave", "run/clocks.ts", 'else client.addEventListener("abort", this.#leave);', ""),
  core("a cancellation is told to nobody", "cancellation.ts", "first?.();", ""),
  core(
    "a request goes on after its client has left a wait",
    "run/visit.ts",
    'if (run.inbound.signal.aborted) return { ok: false, failure: { kind: "aborted", message: "the client left" } };',
    "",
  ),
  core(
    "a stream that is cut is a success",
    "run/stream-body.ts",
    "(pipe.isFinished() ? undefined : truncated)",
    "undefined",
  ),
  core(
    "a broken connection is a success",
    "run/stream-body.ts",
    "failure = pipe.isFinished() ? undefined : failureOfError(error, clocks, run.inbound.signal);",
    "failure = undefined;",
  ),
  core(
    "an empty stream is a success",
    "run/commit.ts",
    'return isSilence(event) ? emptyAnswer(opened.reply.status) : "commit";',
    'return "commit";',
  ),
  core(
    "an error inside a stream is an answer",
    "run/commit.ts",
    'if (event.type === "error")\n    return failureOfFault(opened.admitted, opened.admitted.wire, "stream", opened.reply, event.fault);',
    'if (event.type === "error") return "commit";',
  ),
  core(
    "a stream is committed before its first output",
    "run/commit.ts",
    'if (isOutput(event)) return "commit";',
    'if (event.type !== "error") return "commit";',
  ),
  core(
    "an empty whole answer is a success",
    "run/attempt.ts",
    'if (event.type === "finish" && !output && isSilence(event)) return emptyAnswer(reply.status);',
    "",
  ),
  core(
    "an error inside a 200 is an answer",
    "run/attempt.ts",
    'if (event.type === "error") return failureOfFault(admitted, wire, "body", reply, event.fault);',
    "",
  ),
  core(
    "words of a translated stream are lost",
    "run/translation.ts",
    "text += this.#writer.write(event);",
    "text = this.#writer.write(event);",
  ),
  core(
    "the first bytes of a stream are sent twice",
    "run/pass-through.ts",
    "this.#see(bytes);\n    return bytes;",
    "this.#see(bytes);\n    return joinBytes([bytes, bytes]);",
  ),
  core(
    "any origin will do",
    "run/shape.ts",
    "if (!isAllowed(shaped.url, provider.origins)) {",
    'if (shaped.url === "") {',
  ),
  core("a key is shown in a message", "run/classify.ts", 'message.replaceAll(secret, "***")', "message"),
  core(
    "every provider gets one key",
    "providers.ts",
    '(plugin.auth.prefix ?? "") + key.value;',
    '`${plugin.auth.prefix ?? ""}sk-secret-of-p0`;',
  ),
  core(
    "a receipt is handed over twice",
    "run/settle.ts",
    "engine.onReceipt(receipt);",
    "engine.onReceipt(receipt);\n  engine.onReceipt(receipt);",
  ),
  core("a receipt is never handed over", "run/settle.ts", "engine.onReceipt(receipt);", ""),
  core(
    "the first candidate is named, whoever served",
    "run/settle.ts",
    "run.receipt.served = candidate.ref.text;",
    "run.receipt.served = run.receipt.candidates[0]?.ref ?? candidate.ref.text;",
  ),
  core("attempts are not written down", "run/visit.ts", "run.receipt.attempts.push(record);", ""),
  core(
    "an attempt that failed is called good",
    "run/visit.ts",
    "record.outcome = result.failure.kind;",
    'record.outcome = "ok";',
  ),
  core(
    "refusals go on to the next",
    "failure/table.ts",
    'refused: { again: "no", next: "no",',
    'refused: { again: "no", next: "yes",',
  ),
  core(
    "filters go on to the next",
    "failure/table.ts",
    'content_filtered: {\n    again: "no",\n    next: "no",',
    'content_filtered: {\n    again: "no",\n    next: "yes",',
  ),
  core(
    "who is out of reach is asked again",
    "failure/table.ts",
    'unreachable: {\n    again: "no",',
    'unreachable: {\n    again: "back-off",',
  ),
  core(
    "a missing model is asked for again",
    "failure/table.ts",
    'model_missing: {\n    again: "no",',
    'model_missing: {\n    again: "once",',
  ),
  core(
    "repeats have no end",
    "failure/retry.ts",
    'return undefined;\n  if (again === "short-wait"',
    'return undefined;\n  if (again === "back-off") return 0;\n  if (again === "short-wait"',
  ),
  core(
    "a failing model cools its siblings",
    "failure/table.ts",
    'overloaded: {\n    again: "back-off",\n    next: "yes",\n    breaker: "candidate",',
    'overloaded: {\n    again: "back-off",\n    next: "yes",\n    breaker: "provider",',
  ),
  core(
    "a plugin that breaks over a failure is asked again and again",
    "run/classify.ts",
    'kind: "bad_answer",\n      message: `HTTP ${status}, and the plugin could not read it',
    'kind: "overloaded",\n      message: `HTTP ${status}, and the plugin could not read it',
  ),
  core(
    "a plugin that breaks over places breaks the request",
    "candidate.ts",
    "return provider.places(model, within);\n  } catch {\n    return nowhere;",
    "return provider.places(model, within);\n  } catch (error) {\n    throw error;",
  ),
  core(
    "two are asked at once",
    "run/attempt.ts",
    "if (!result.ok) clocks.stop(true);",
    "if (!result.ok) clocks.stop();",
  ),
  core(
    "the prompt is cut short",
    "run/shape.ts",
    "body: text,",
    'body: text.replace(/please #(\\d+)#/, "pleas #$1#"),',
  ),
  core(
    "the loser of a hedge is left running",
    "run/hedge.ts",
    '      await cancel(other, "was the first to answer");\n',
    "",
  ),
  core("an answer waits for the loser of a hedge", "run/hedge.ts", "  stop.abort();\n  const late", "  const late"),
  core(
    "a hedge shows a second one what the first would not see",
    "run/hedge.ts",
    "    if (this.#run.receipt.within !== undefined) return true;\n    return other",
    "    return true;\n    return other",
  ),
  core(
    "a hedge comes too early",
    "run/hedge.ts",
    "this.#within(first.result, after)",
    "this.#within(first.result, after / 2)",
  ),
  core("every route hedges", "handle.ts", "run.hedge = resolution.hedge;", "run.hedge = resolution.hedge ?? 1000;"),
  core(
    "one that a race was cut short for begins its repeats anew",
    "run/visit.ts",
    "let repeats = run.repeats === 0 ? 0 : failuresOf(run, one);",
    "let repeats = 0;",
  ),
  core(
    "a failure before the end of a race is overwritten",
    "run/hedge.ts",
    '(record.outcome !== "ok" && record.outcome !== "aborted")',
    'record.outcome === "ok"',
  ),
  core(
    "who leaves a queue stays in it",
    "admit/slots.ts",
    "        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);\n",
    "",
  ),
  core(
    "nobody hears a client leave the queue",
    "admit/slots.ts",
    '      signal.addEventListener("abort", left);\n',
    "",
  ),
  core(
    "a queue has no bound",
    "admit/slots.ts",
    '    if (this.#waiting.length >= this.limits.queue) return "full";\n',
    "",
  ),
  core(
    "a provider is asked by one more than it takes",
    "admit/slots.ts",
    "this.#taken >= this.limits.max",
    "this.#taken > this.limits.max",
  ),
  core(
    "who is next for a place is not told",
    "admit/slots.ts",
    "        this.#taken--;\n        this.#next();",
    "        this.#taken--;",
  ),
  core(
    "a place is not given back after a cancelled attempt",
    "run/clocks.ts",
    "    this.slot?.release();\n    if (abort) this.abort();",
    "    if (!abort) this.slot?.release();\n    else super.abort();",
  ),
  core(
    "a place is not given back after an answer",
    "run/clocks.ts",
    "    this.slot?.release();\n    if (abort)",
    "    if (abort)",
  ),
  core("a full queue is a failure of its provider", "run/attempt.ts", ", unsent: true };", " };"),
  core("a stream that breaks says nothing of it", "run/stream-body.ts", '  if (report !== "") yield report;\n', ""),
  core("a reload forgets whose places are taken", "lasting.ts", "same ? before : entry", "entry"),
  core("a reload keeps a row that has changed", "lasting.ts", "same ? before : entry", "before ?? entry"),
  gateway(
    "a reload gives up a config whose answers go on",
    "http/serving.ts",
    "if (this.#retired && this.#running === 0)",
    "if (this.#retired)",
  ),
  gateway("a config that serves no more is never given up", "http/serving.ts", "    this.#retired = true;\n", ""),
];
