// Loaded before a program: writes down every connection and look-up that would leave this machine, whoever makes it.
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import net from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";

const here = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const note = (what) => appendFileSync(join(homedir(), "left.txt"), `${what}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...words) {
  const [options] = Array.isArray(words[0]) ? words[0] : words;
  const host = typeof options === "object" ? options.host : words[1];
  const isPipe = typeof options === "object" && options.path !== undefined;
  if (!isPipe && typeof host === "string" && !here.test(host)) note(`connect ${host}`);
  return connect.apply(this, words);
};

for (const owner of [dns, dns.promises]) {
  const { lookup } = owner;
  owner.lookup = (name, ...rest) => {
    if (!here.test(name)) note(`lookup ${name}`);
    return lookup.call(owner, name, ...rest);
  };
}
