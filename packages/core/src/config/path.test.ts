import { describe, expect, it } from "vitest";
import { formatPath, parsePath } from "./path.ts";

describe("paths", () => {
  it.each([
    [["models", "providers", "lmstudio", "baseUrl"], "models.providers.lmstudio.baseUrl"],
    [["agents", "defaults", "models", "a/b.c", "alias"], 'agents.defaults.models["a/b.c"].alias'],
    [["models", "providers", "x-y", "models", 0, "id"], "models.providers.x-y.models[0].id"],
    [["a b"], '["a b"]'],
    [["routes", 'q"]', "within"], 'routes["q\\"]"].within'],
  ])("%j is written %s, and read back", (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  it("single quotes are read, so that a shell needs no escapes", () => {
    expect(parsePath("a['b.c'].d")).toEqual(["a", "b.c", "d"]);
  });

  it.each(["", ".", "a.", ".a", "a..b", "a[", "a[x]", 'a["b]', "a b"])("%j is none", (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});
