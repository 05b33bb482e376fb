// A cheap raw-socket upstream on any path: one static chat answer, whole or streamed as N frames.
//   node upstream.mjs FRAMES
import net from "node:net";

const frames = Number(process.argv[2] ?? 100);
const text = "Hello there, this is a small mocked reply of about twenty tokens in length for benchmarking.";
const whole = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1700000000,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 },
});
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${whole.length}\r\n\r\n${whole}`,
);
const frame = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const chunk = (data) => Buffer.from(`${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`);
const head = Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
const first = chunk(frame({ role: "assistant", content: "" }));
const piece = chunk(frame({ content: " token" }));
const last = Buffer.concat([chunk(frame({}, "stop")), chunk("data: [DONE]\n\n"), Buffer.from("0\r\n\r\n")]);

function stream(socket) {
  socket.write(head);
  socket.write(first);
  let sent = 0;
  // One frame a turn of the loop, as a model emits one token at a time.
  const pump = () => {
    if (socket.destroyed) return;
    if (sent++ < frames) {
      socket.write(piece);
      setImmediate(pump);
    } else socket.write(last);
  };
  pump();
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let buffer = null;
  socket.on("error", () => {});
  socket.on("data", (data) => {
    buffer = buffer ? Buffer.concat([buffer, data]) : data;
    for (;;) {
      const at = buffer.indexOf("\r\n\r\n");
      if (at < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffer.latin1Slice(0, at))?.[1] ?? 0);
      const end = at + 4 + length;
      if (buffer.length < end) return;
      const wantsStream = buffer.subarray(at + 4, end).includes('"stream":true');
      buffer = buffer.subarray(end);
      if (wantsStream) stream(socket);
      else socket.write(answer);
      if (buffer.length === 0) {
        buffer = null;
        return;
      }
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
