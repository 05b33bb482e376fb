// The floor that ratios are taken against: node:http in front, undici `dispatch` behind, JSON parsed once, nothing else.
//   node floor.mjs UPSTREAM_PORT [stream]
import http from "node:http";
import { Pool } from "undici";

const [upstreamPort, mode] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstreamPort}`, { connections: 1024, pipelining: 1 });

/** The pull side of undici's push source. */
class Reply {
  constructor(resolve, reject) {
    this.resolve = resolve;
    this.reject = reject;
    this.queue = [];
    this.wake = null;
    this.ended = false;
    this.error = null;
    this.status = 0;
    this.headers = null;
  }
  onRequestStart() {}
  onResponseStart(_controller, status, headers) {
    this.status = status;
    this.headers = headers;
    this.resolve(this);
  }
  onResponseData(_controller, chunk) {
    this.queue.push(chunk);
    this.rouse();
  }
  onResponseEnd() {
    this.ended = true;
    this.rouse();
  }
  onResponseError(_controller, error) {
    this.error = error;
    if (this.status === 0) this.reject(error);
    else this.rouse();
  }
  rouse() {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
  async *chunks() {
    for (;;) {
      while (this.queue.length > 0) yield this.queue.shift();
      if (this.error) throw this.error;
      if (this.ended) return;
      await new Promise((resolve) => {
        this.wake = resolve;
      });
    }
  }
  async bytes() {
    const all = [];
    for await (const chunk of this.chunks()) all.push(chunk);
    return all.length === 1 ? all[0] : Buffer.concat(all);
  }
}

const send = (request) => new Promise((resolve, reject) => pool.dispatch(request, new Reply(resolve, reject)));
const headers = ["content-type", "application/json", "authorization", "Bearer x"];

async function engine(path, body, sink) {
  JSON.parse(body.toString());
  const reply = await send({ path, method: "POST", headers, body });
  if (mode === "stream") {
    sink.writeHead(reply.status, { "content-type": reply.headers["content-type"] });
    for await (const chunk of reply.chunks()) sink.write(chunk);
    sink.end();
  } else {
    const bytes = await reply.bytes();
    sink.writeHead(reply.status, { "content-type": reply.headers["content-type"], "content-length": bytes.length });
    sink.end(bytes);
  }
}

const server = http.createServer((request, response) => {
  let first = null;
  let chunks = null;
  request.on("data", (chunk) => {
    if (first === null) first = chunk;
    else {
      chunks ??= [first];
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    engine(request.url, chunks ? Buffer.concat(chunks) : first, response).catch((error) => {
      response.writeHead(502);
      response.end(String(error));
    });
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
