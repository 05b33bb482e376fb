// Raw keep-alive load on loopback. One JSON argument:
//   { port, path, seconds, concurrency, stream, model, models?, headers?, requests?, large? }
// Prints { requests, p50, p99, ttfb50, frames, bad, attempts }. `requests` bounds the count instead of the time. `models` are
// asked in turn instead of the one, and `attempts` are counted with them: how many exchanges with backends the answers tell of.
import net from "node:net";
import { wireOf } from "./answers.mjs";
import { bodyOf } from "./bodies.mjs";

const {
  port,
  path,
  seconds,
  concurrency,
  stream,
  model,
  models,
  headers = {},
  requests = Infinity,
  large = false,
} = JSON.parse(process.argv[2]);
const extra = Object.entries(headers)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("");
const requestFor = (name) => {
  const body = bodyOf(wireOf(path), name, { isLarge: large, stream });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer sk-x\r\n${extra}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};
const inTurn = (models ?? [model]).map(requestFor);
const marker = Buffer.from("data: ");
const lastChunk = Buffer.from("0\r\n\r\n");
const latencies = [];
const firstBytes = [];
let frames = 0;
let bad = 0;
let attempts = 0;
let started = 0;
let live = 0;
const until = performance.now() + seconds * 1000;

function connection() {
  live++;
  const socket = net.connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  let began = 0;
  let chunks = [];
  let size = 0;
  let need = -1;
  const next = () => {
    if (performance.now() >= until || started >= requests) return socket.end();
    began = performance.now();
    chunks = [];
    size = 0;
    need = -1;
    socket.write(inTurn[started++ % inTurn.length]);
  };
  socket.on("connect", next);
  socket.on("error", () => bad++);
  socket.on("close", () => {
    if (--live === 0) report();
  });
  socket.on("data", (data) => {
    if (size === 0) firstBytes.push(performance.now() - began);
    chunks.push(data);
    size += data.length;
    if (need < 0) {
      const all = Buffer.concat(chunks);
      const end = all.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = all.latin1Slice(0, end);
      if (!head.startsWith("HTTP/1.1 200")) bad++;
      if (models) attempts += /x-headgate-attempts: ([^\r]*)/i.exec(head)?.[1].split(",").length ?? 0;
      const length = /content-length: (\d+)/i.exec(head);
      need = length ? end + 4 + Number(length[1]) : 0;
    }
    const done =
      need > 0
        ? size >= need
        : data.length >= 5
          ? data.subarray(-5).equals(lastChunk)
          : Buffer.concat(chunks).subarray(-5).equals(lastChunk);
    if (!done) return;
    latencies.push(performance.now() - began);
    if (stream) {
      const all = Buffer.concat(chunks);
      for (let at = all.indexOf(marker); at >= 0; at = all.indexOf(marker, at + 1)) frames++;
    }
    next();
  });
}

const quantile = (list, part) =>
  list.length === 0 ? null : Number(list.sort((a, b) => a - b)[Math.floor((list.length - 1) * part)].toFixed(3));

function report() {
  const result = {
    requests: latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    ttfb50: quantile(firstBytes, 0.5),
    frames,
    bad,
    attempts,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

for (let index = 0; index < concurrency; index++) connection();
setTimeout(report, seconds * 1000 + 10_000).unref();
