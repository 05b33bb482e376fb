import { expect, test } from "vitest";
import { isLoopbackAddress, isLoopbackHost } from "./loopback.ts";

test.each([
  "127.0.0.1",
  "127.8.8.8",
  "127.255.255.255",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::FFFF:7FFF:ffff",
])("%s is an address of this machine, and a host of it", (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
  expect(isLoopbackHost(address)).toBe(true);
  expect(isLoopbackHost(`[${address}]`)).toBe(true);
});

test.each(["localhost", "LocalHost"])("%s is a host of this machine, and no address", (name) => {
  expect(isLoopbackHost(name)).toBe(true);
  expect(isLoopbackAddress(name)).toBe(false);
});

test.each([
  "",
  "0.0.0.0",
  "::",
  "10.0.0.1",
  "128.0.0.1",
  "127.0.0.256",
  "127.0.0.01",
  "127.0.0",
  "127.0.0.1.",
  "127.0.0.1.example",
  "127.0.0.1\n",
  "1.127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:7e00:1",
  "::ffff:7f0:1",
  "::ffff:0:1",
  "::2",
  "fe80::1",
  "localhost.",
  "localhost.example",
  "my.localhost",
  "localhost:80",
  "[localhost]",
  "[127.0.0.1",
])("%j is neither", (host) => {
  expect(isLoopbackAddress(host)).toBe(false);
  expect(isLoopbackHost(host)).toBe(false);
});

test("URL writes every spelling of an address in the one that is known", () => {
  const spelled = ["127.1", "0x7f.0.0.1", "2130706433", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "LOCALHOST"];
  expect(spelled.filter((host) => !isLoopbackHost(new URL(`http://${host}`).hostname))).toEqual([]);
});
