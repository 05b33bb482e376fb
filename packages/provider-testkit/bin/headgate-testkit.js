#!/usr/bin/env node
// An older Node fails too, deep in a dependency and without a word of the way out: so nothing is imported before this.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`The kit needs Node 22.19 or later, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  const { main } = await import("../dist/cli/index.js");
  process.exitCode = await main(process.argv.slice(2));
  // Without this, a plugin that left a timer or a socket open would keep a finished program alive.
  setTimeout(() => process.exit(), 500).unref();
}
