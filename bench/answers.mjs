// What the upstream says on each wire: one whole answer, and the frames of the same as a stream.

const text = "Hello there, this is a small mocked reply of about twenty tokens in length for benchmarking.";
const data = (frame) => `data: ${JSON.stringify(frame)}\n\n`;
const named = (frame) => `event: ${frame.type}\n${data(frame)}`;

const chunk = (delta, finish = null) =>
  data({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

const chat = {
  whole: {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1700000000,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 },
  },
  first: [chunk({ role: "assistant", content: "" })],
  piece: () => chunk({ content: " token" }),
  last: () => [chunk({}, "stop"), "data: [DONE]\n\n"],
};

const usage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 32,
};
const response = (status, output, more = {}) => ({
  id: "resp_1",
  object: "response",
  created_at: 1700000000,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  model: "m",
  output,
  parallel_tool_calls: true,
  tools: [],
  ...more,
});
const part = (said) => ({ type: "output_text", text: said, annotations: [], logprobs: [] });
const message = (status, content) => ({ type: "message", id: "msg_1", role: "assistant", status, content });
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };

const responses = {
  whole: response("completed", [message("completed", [part(text)])], { usage }),
  first: [
    { type: "response.created", response: response("in_progress", []) },
    { type: "response.in_progress", response: response("in_progress", []) },
    { type: "response.output_item.added", output_index: 0, item: message("in_progress", []) },
    { type: "response.content_part.added", ...place, part: part("") },
  ].map((frame, number) => named({ ...frame, sequence_number: number })),
  piece: (number) =>
    named({ type: "response.output_text.delta", ...place, delta: " token", logprobs: [], sequence_number: 4 + number }),
  last: (pieces) => {
    const said = " token".repeat(pieces);
    return [
      { type: "response.output_text.done", ...place, text: said, logprobs: [] },
      { type: "response.content_part.done", ...place, part: part(said) },
      { type: "response.output_item.done", output_index: 0, item: message("completed", [part(said)]) },
      {
        type: "response.completed",
        response: response("completed", [message("completed", [part(said)])], { usage }),
      },
    ].map((frame, number) => named({ ...frame, sequence_number: 4 + pieces + number }));
  },
};

const begun = { id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null };

const messages = {
  whole: {
    ...begun,
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    usage: { input_tokens: 12, output_tokens: 20 },
  },
  first: [
    {
      type: "message_start",
      message: { ...begun, content: [], stop_reason: null, usage: { input_tokens: 12, output_tokens: 1 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  ].map(named),
  piece: () => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: " token" } }),
  last: () =>
    [
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 20 },
      },
      { type: "message_stop" },
    ].map(named),
};

const wires = { chat, responses, messages };

/** The wire that a path belongs to; chat for any other. */
export const wireOf = (path) =>
  path.endsWith("/responses") ? "responses" : path.endsWith("/messages") ? "messages" : "chat";

/** The whole answer of a wire as JSON, and its stream as `frames` frames of text. */
export function answerOf(wire, frames) {
  const { whole, first, piece, last } = wires[wire];
  const pieces = frames - first.length - last(0).length;
  return {
    whole: JSON.stringify(whole),
    frames: [...first, ...Array.from({ length: pieces }, (_, number) => piece(number)), ...last(pieces)],
  };
}
