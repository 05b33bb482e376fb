// A cheap raw-socket upstream on any path: one static answer of the path's wire, whole or streamed.
//   node upstream.mjs FRAMES
import net from "node:net";
import { answerOf, wireOf } from "./answers.mjs";

/** All frames of a stream: the first ones, one a token, the last ones. */
const frames = Number(process.argv[2] ?? 103);
const chunk = (data) => Buffer.from(`${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`);
const head = Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
const end = Buffer.from("0\r\n\r\n");

const answers = new Map(
  ["chat", "responses", "messages"].map((wire) => {
    const { whole, frames: texts } = answerOf(wire, frames);
    const length = Buffer.byteLength(whole);
    return [
      wire,
      {
        whole: Buffer.from(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${whole}`,
        ),
        chunks: [...texts.slice(0, -1).map(chunk), Buffer.concat([chunk(texts.at(-1)), end])],
      },
    ];
  }),
);

function stream(socket, chunks) {
  socket.write(head);
  let sent = 0;
  // One frame a turn of the loop, as a model emits one token at a time.
  const pump = () => {
    if (socket.destroyed || sent === chunks.length) return;
    socket.write(chunks[sent++]);
    setImmediate(pump);
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
      const lines = buffer.latin1Slice(0, at);
      const length = Number(/content-length: (\d+)/i.exec(lines)?.[1] ?? 0);
      const last = at + 4 + length;
      if (buffer.length < last) return;
      const answer = answers.get(wireOf(lines.split(" ", 2)[1] ?? ""));
      const wantsStream = buffer.subarray(at + 4, last).includes('"stream":true');
      buffer = buffer.subarray(last);
      if (wantsStream) stream(socket, answer.chunks);
      else socket.write(answer.whole);
      if (buffer.length === 0) {
        buffer = null;
        return;
      }
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
