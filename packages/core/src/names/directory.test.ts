import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/parse.ts";
import { createDirectory } from "./directory.ts";

const directoryOf = (value: unknown) => createDirectory(parseConfig(value, {}).config);

/** What a name means, in one line: `route: ref, ref`, or the message that it means nothing. */
function meaning(directory: ReturnType<typeof createDirectory>, name: string | undefined): string {
  const resolution = directory.resolve(name);
  if (!resolution.found) return resolution.message;
  return `${resolution.route ?? "-"}: ${resolution.refs.map((ref) => ref.text).join(", ")}`;
}

describe("a name", () => {
  const value = {
    agents: { defaults: { models: { "cloud/big": { alias: "Big" }, "cloud/small": { alias: "local" } } } },
    models: {
      providers: {
        local: { models: [{ id: "shared" }, { id: "org/own" }] },
        cloud: { models: [{ id: "shared" }, { id: "big" }] },
      },
    },
    routes: { fast: { primary: "cloud/big", fallbacks: ["local/shared", "cloud/big"], within: "eu" } },
  };
  const directory = directoryOf(value);

  it.each([
    ["an alias of a named route's primary means that route", "big", "fast: cloud/big, local/shared"],
    ["a route in any case", "FAST", "fast: cloud/big, local/shared"],
    [
      "a ref wins over an alias of its first part, and its model is verbatim",
      "local/Org/X:free ",
      "-: local/Org/X:free ",
    ],
    ["an id with a slash whose first part is no provider", "org/own", "-: local/org/own"],
  ])("%s", (_, name, expected) => {
    expect(meaning(directory, name)).toBe(expected);
  });

  it("carries the boundary of its route, through an alias too", () => {
    expect(directory.resolve("fast")).toMatchObject({ within: ["eu"], requested: "fast" });
    expect(directory.resolve("Big")).toMatchObject({ within: ["eu"], requested: "Big" });
    expect(directory.resolve("cloud/big")).not.toHaveProperty("within");
  });

  it("that several rows have as an id is not guessed", () => {
    expect(directory.resolve("shared")).toEqual({
      found: false,
      requested: "shared",
      message: 'More than one provider has the model "shared". Name one of them: "local/shared", "cloud/shared"?',
      near: ["local/shared", "cloud/shared"],
    });
  });

  it.each(["Local/shared", "nosuch/shared", "__proto__", "constructor", "__proto__/x", "toString/x", "/", "x/"])(
    "%j makes no provider",
    (name) => {
      expect(directory.resolve(name).found).toBe(false);
    },
  );

  it("that nothing has comes back with near ones, shortened", () => {
    expect(directory.resolve("fats")).toMatchObject({ found: false, near: ["fast"] });
    const long = directory.resolve("x".repeat(100_000));
    expect(long.found ? "" : long.message.length).toBeLessThan(200);
  });

  it("goes to * only when nothing else has it and * is written", () => {
    const open = directoryOf({ ...value, routes: { "*": { primary: "local/shared" }, ...value.routes } });
    expect(meaning(open, "gpt-4o")).toBe("*: local/shared");
    expect(meaning(open, "openai/gpt-4o")).toBe("*: local/shared");
    expect(meaning(open, "big")).toBe("fast: cloud/big, local/shared");
    expect(open.resolve(undefined).found).toBe(false);
    expect(open.names().map(({ name }) => name)).not.toContain("*");
  });

  it("an alias of the primary of * means its ref alone", () => {
    const open = directoryOf({ ...value, routes: { "*": { primary: "cloud/small", fallbacks: ["local/shared"] } } });
    expect(meaning(open, "local")).toBe("-: cloud/small");
  });

  it("of an id does not move to the hosted row when the local row is broken", () => {
    const providers = { local: { place: 5, models: [{ id: "shared" }] }, cloud: { models: [{ id: "shared" }] } };
    expect(directoryOf({ models: { providers } }).resolve("shared").found).toBe(false);
  });

  it("of a broken row's model is still known", () => {
    const broken = directoryOf({ models: { providers: { local: { place: 5, models: [{ id: "own" }] } } } });
    expect(meaning(broken, "own")).toBe("-: local/own");
    expect(broken.providers).toEqual(["local"]);
  });
});
