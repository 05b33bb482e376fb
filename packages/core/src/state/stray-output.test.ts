import type { JsonObject } from "@headgate/wire";
import { describe, expect, it } from "vitest";
import { refuseStrayOutput } from "./stray-output.ts";

const call = (id: string): JsonObject => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
const output = (id: string): JsonObject => ({ type: "function_call_output", call_id: id, output: "x" });
const said: JsonObject = { type: "message", role: "assistant", content: "hi" };
const compacted: JsonObject = { type: "compaction", encrypted_content: "…" };

describe("the output of a call", () => {
  it.each<[string, readonly JsonObject[], readonly JsonObject[]]>([
    ["that was made", [said, call("a")], [output("a")]],
    ["that is made in the same turn", [said], [call("a"), output("a")]],
    ["whose id was rewritten", [call("call_a")], [output("calla")]],
    [
      "of another kind",
      [{ ...call("a"), type: "custom_tool_call" }],
      [{ ...output("a"), type: "custom_tool_call_output" }],
    ],
    ["before a compaction", [compacted], [output("a")]],
    ["that is said twice", [call("a"), output("a")], [output("a")]],
  ])("%s is taken", (_, earlier, own) => {
    expect(refuseStrayOutput([...earlier, ...own], own)).toBeUndefined();
  });

  it.each<[string, readonly JsonObject[], readonly JsonObject[]]>([
    ["where none was made", [said], [output("a")]],
    ["where all have theirs", [call("a"), output("a")], [output("b")]],
    ["where fewer wait", [call("a")], [output("b"), output("c")]],
  ])("%s is refused", (_, earlier, own) => {
    expect(refuseStrayOutput([...earlier, ...own], own)).toMatchObject({
      status: 400,
      fault: { param: "input", message: expect.stringMatching(/^No tool call found for the output of call '[abc]'/) },
    });
  });
});
