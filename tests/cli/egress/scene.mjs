// A gateway that must not leave this machine, with every reason to: run whole in a process, so that it can be shut into a
// network namespace. Prints what was seen as JSON.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSimulator } from "@headgate/simulator";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const bin = file("../../../packages/headgate/bin/headgate.js");
const folder = mkdtempSync(join(tmpdir(), "headgate-egress-"));
const guardFile = join(folder, "left.txt");
writeFileSync(guardFile, "");

let proxied = 0;
const proxy = createServer((socket) => {
  proxied++;
  socket.destroy();
});
await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const proxyUrl = `http://127.0.0.1:${proxy.address().port}`;
const local = await startSimulator({ kind: "lmstudio" });

// The hosted ones at their own addresses, a machine of the network that is declared to be this one, then the local one.
const config = join(folder, "headgate.json5");
const fallbacks = ["openrouter/z-ai/glm-5", "openai/gpt-5", "neighbour/m", "lmstudio/qwen3-8b"];
writeFileSync(
  config,
  JSON.stringify({
    agents: { defaults: { model: { primary: "anthropic/claude-sonnet-4-5", fallbacks } } },
    models: {
      providers: {
        openrouter: { region: "eu" },
        neighbour: { baseUrl: "http://192.0.2.1:8000/v1", place: "local", timeouts: { connect: "300ms" } },
        lmstudio: { baseUrl: local.baseUrl },
      },
    },
    gateway: { egress: process.argv[2] ?? "none" },
  }),
);

const options = {
  env: {
    PATH: process.env.PATH,
    HOME: folder,
    ANTHROPIC_API_KEY: "sk-ant-test",
    OPENAI_API_KEY: "sk-test",
    OPENROUTER_API_KEY: "sk-or-test",
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    ALL_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    https_proxy: proxyUrl,
  },
  stdio: ["ignore", "pipe", "ignore"],
};
const run = (...words) => spawn(process.execPath, ["--import", file("guard.mjs"), bin, ...words], options);

const gateway = run("serve", "--config", config, "--port", "0");
const url = await new Promise((resolve) => {
  let said = "";
  gateway.stdout.on("data", (data) => {
    said += data;
    const [, found] = /listening on (\S+)\n/.exec(said) ?? [];
    if (found !== undefined) resolve(found);
  });
});

const answers = [];
async function ask(path, body) {
  const reply = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await reply.text();
  answers.push({ path, status: reply.status, model: reply.headers.get("x-headgate-model") });
}
const messages = [{ role: "user", content: "hello" }];
for (const stream of [false, true]) {
  await ask("/v1/chat/completions", { messages, stream });
  await ask("/v1/messages", { messages, stream, max_tokens: 9 });
  await ask("/v1/responses", { input: "hello", stream });
}
await ask("/v1/messages/count_tokens", { messages });
await ask("/v1/embeddings", { model: "openai/text-embedding-3-small", input: "hello" });
await ask("/v1/chat/completions", { model: "anthropic/claude-sonnet-4-5", messages });

const status = run("status", "--config", config, "--json");
await new Promise((resolve) => status.once("close", resolve));
gateway.kill("SIGKILL");
await new Promise((resolve) => gateway.once("close", resolve));
await local.close();
proxy.close();
const left = readFileSync(guardFile, "utf8").split("\n").filter(Boolean);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ answers, left, proxied, localRequests: local.requests.length })}\n`);
