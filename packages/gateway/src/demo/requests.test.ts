import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { demoRequests, toCurl } from "./requests.ts";

describe("a command of the demo", () => {
  it("reaches curl through a shell as it was meant, quotes included", async () => {
    const body = { text: `it's "quoted" $HOME \\` };
    const command = toCurl({ method: "POST", url: "http://127.0.0.1:1/x", headers: { "x-one": "1 2" }, body });
    const { stdout } = await promisify(execFile)("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")]);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "-i",
      "http://127.0.0.1:1/x",
      "-H",
      "x-one: 1 2",
      "-d",
      JSON.stringify(body),
    ]);
  });

  it("is there for each of the three APIs, one of them streamed", () => {
    const requests = demoRequests("http://h");
    expect(requests.map(({ url }) => url)).toEqual([
      "http://h/v1/chat/completions",
      "http://h/v1/messages",
      "http://h/v1/responses",
    ]);
    expect(requests.map(({ body }) => Object.hasOwn(body ?? {}, "stream"))).toEqual([true, false, false]);
  });
});
