import { describe, expect, it } from "vitest";
import { stateDir } from "./state-dir.ts";

describe("the state folder", () => {
  it.each([
    [undefined, { HOME: "/home/ann" }, "/home/ann/.local/state/headgate"],
    [undefined, { HOME: "/home/ann", XDG_STATE_HOME: "/state" }, "/state/headgate"],
    ["~/kept", { HOME: "/home/ann" }, "/home/ann/kept"],
    ["kept", { HOME: "/home/ann" }, "/etc/headgate/kept"],
    ["/var/lib/headgate", {}, "/var/lib/headgate"],
  ])("%s with %j is %s", (written, environment, expected) => {
    expect(stateDir(written, "/etc/headgate", environment)).toBe(expected);
  });
});
