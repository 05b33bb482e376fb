#!/usr/bin/env node
// An older Node fails too, deep in a dependency and without a word of the way out: so nothing is imported before this.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`A provider plugin needs Node 22.19 or later, and this is Node ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  const { main } = await import("../dist/index.js");
  process.exitCode = main(process.argv.slice(2));
}
