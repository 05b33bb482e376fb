import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, type Reply } from "../harness/ask.ts";
import { type Folder, makeFolder, startProgram } from "./program.ts";

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

/** What curl would do with a printed command. */
function paste(command: string): Promise<Reply> {
  const [, url = ""] = /(http:\/\/\S+)/.exec(command) ?? [];
  const headers = [...command.matchAll(/-H '([^:]+): ([^']*)'/g)].map(([, name = "", value = ""]) => [name, value]);
  const [, body] = /-d '([^']*)'/.exec(command) ?? [];
  // Curl's own type for data; what a command wants else, it says.
  const type = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return ask(url, {
    method: "POST",
    headers: { ...type, ...Object.fromEntries(headers) },
    ...(body !== undefined && { body }),
  });
}

describe("headgate demo", () => {
  it("prints commands that do what it says: ask, fail over, recover", async () => {
    await using program = startProgram(["demo", "--port", "0"], { cwd: folder.path });
    const url = await program.url();
    const text = await program.until("Ctrl-C");
    expect(text.startsWith(`Headgate listening on ${url}\n`)).toBe(true);
    const commands = [...text.matchAll(/^ +(curl .*)$/gm)].map(([, command = ""]) => command);
    expect(commands).toHaveLength(5);
    const [chat = "", messages = "", responses = "", fail = "", heal = ""] = commands;
    const requests = [chat, messages, responses];

    for (const request of requests) {
      const { status, headers } = await paste(request);
      expect(status).toBe(200);
      expect(headers["x-headgate-model"]).toBe("anthropic/claude-sonnet-4-5");
      expect(headers["x-headgate-place"]).toBe("us");
    }
    expect((await paste(chat)).events.at(-1)?.data).toBe("[DONE]");
    expect((await paste(fail)).status).toBe(200);
    for (const request of requests) {
      const { status, headers, text: body } = await paste(request);
      expect(status).toBe(200);
      expect(headers["x-headgate-model"]).toBe("lmstudio/minimax-m2.1-gs32");
      expect(headers["x-headgate-place"]).toBe("local");
      expect(headers["x-headgate-attempts"]).toMatch(/^anthropic\/claude-sonnet-4-5:overloaded,/);
      expect(body).toContain("lmstudio");
    }
    expect((await paste(heal)).status).toBe(200);
    expect((await paste(messages)).headers["x-headgate-model"]).toBe("anthropic/claude-sonnet-4-5");

    program.signal("SIGINT");
    expect(await program.ended).toBe(0);
    expect(program.stderr.split("\n").filter((line) => line.startsWith("{"))).toHaveLength(8);
  });

  it("says the same as JSON", async () => {
    await using program = startProgram(["demo", "--port", "0", "--json"], { cwd: folder.path });
    const { url, requests, fail, heal, backends } = JSON.parse(await program.until("\n"));
    expect(requests).toHaveLength(3);
    for (const { url: to, headers, body } of requests) {
      expect(to).toContain(`${url}/v1/`);
      expect((await ask(to, { headers, body })).status).toBe(200);
    }
    expect(fail.url).toBe(`${backends.anthropic}/__simulator/fail`);
    expect(heal.url).toBe(`${backends.anthropic}/__simulator/heal`);
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
  });
});
