// Checks every package as it would be published, offline: node scripts/check-packages.ts (after npm run build).
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContents } from "./package-checks/contents.ts";
import { checkContract } from "./package-checks/contract.ts";
import { checkDocuments, checkMetadata } from "./package-checks/metadata.ts";
import { packAll } from "./package-checks/pack.ts";
import type { Fault, Package, PackageCheck } from "./package-checks/package.ts";
import { checkPublint, checkTypes } from "./package-checks/published-types.ts";
import { checkTree, packageTree } from "./package-checks/tree.ts";

const checks: readonly PackageCheck[] = [
  checkMetadata,
  checkDocuments,
  checkContents,
  checkContract,
  checkTree,
  checkPublint,
  checkTypes,
];

/** Two at a time: the slow check is a process of its own, and small machines have two cores. */
const workers = 2;

async function checkAll(packages: readonly Package[]): Promise<ReadonlyMap<string, readonly Fault[]>> {
  const faults = new Map<string, readonly Fault[]>();
  const queue = [...packages];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const subject = next;
      const found = await Promise.all(checks.map((check) => check(subject, packages)));
      faults.set(subject.name, found.flat());
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return faults;
}

function report(subject: Package, faults: readonly Fault[]): string {
  const size = `${(subject.size / 1000).toFixed(1)} kB`;
  const tree = packageTree(subject).size;
  const count = tree === 1 ? "installs alone" : `installs ${tree} packages`;
  const head = `${faults.length === 0 ? "ok  " : "FAIL"} ${subject.name.padEnd(38)} ${size.padStart(9)} packed, ${count}`;
  return [head, ...faults.map(({ what, fix }) => `     ${what}\n       mend: ${fix}`)].join("\n");
}

const destination = await mkdtemp(join(tmpdir(), "headgate-pack-"));
try {
  const packages = await packAll(destination);
  const faults = await checkAll(packages);
  for (const subject of packages) console.log(report(subject, faults.get(subject.name) ?? []));
  const bad = packages.filter(({ name }) => (faults.get(name) ?? []).length > 0);
  if (bad.length > 0) {
    console.log(`${bad.length} of ${packages.length} packages cannot be published like this.`);
    process.exitCode = 1;
  }
} finally {
  await rm(destination, { recursive: true, force: true });
}
