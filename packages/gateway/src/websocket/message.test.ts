import { describe, expect, it } from "vitest";
import { readMessage } from "./message.ts";

describe("a response.create", () => {
  it("is the streaming request that it stands for, its text as it was written", () => {
    const text = '{ "type":"response.create", "model" : "m", "generate":true, "background":false, "input":[1.0] }';
    expect(readMessage(text)).toEqual({
      kind: "turn",
      turn: {
        text: '{"stream":true,"model" : "m","input":[1.0]}',
        json: { stream: true, model: "m", input: [1] },
        generates: true,
      },
    });
  });

  it("is streamed once, whatever it says of that itself", () => {
    const message = readMessage('{"type":"response.create","stream":null,"input":"x"}');
    expect(message).toMatchObject({ turn: { text: '{"stream":true,"input":"x"}' } });
  });

  it("is a warm-up when it is not to be generated", () => {
    const message = readMessage('{"type":"response.create","generate":false}');
    expect(message).toMatchObject({ turn: { generates: false, json: { stream: true } } });
  });

  it("is refused whole when it nests too deeply to be read", () => {
    const message = readMessage(`{"type":"response.create","input":${"[".repeat(1e5)}`);
    expect(message).toMatchObject({ kind: "fault", fault: { code: "invalid_json" } });
  });
});
