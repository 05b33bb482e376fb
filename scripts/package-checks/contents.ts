import type { Fault, Package } from "./package.ts";

const largest = 200_000;
const unwanted = /(^|\/)(src|__fixtures__|node_modules)\/|\.test\.|\.tsbuildinfo$|(^|\/)\.env/;

/** Checks what is in the tarball: its size, and that nothing of the workshop is published. */
export function checkContents({ size, files, manifest }: Package): readonly Fault[] {
  const faults: Fault[] = [];
  if (size > largest) {
    faults.push({
      what: `it is ${(size / 1000).toFixed(1)} kB packed, more than ${largest / 1000} kB`,
      fix: "look for bundled dependencies, source maps or fixtures: npm pack --dry-run",
    });
  }
  const stray = files.filter((file) => unwanted.test(file));
  if (stray.length > 0)
    faults.push({ what: `it would publish ${stray.join(", ")}`, fix: 'narrow "files" in package.json' });
  const promised = [...Object.values(manifest.exports ?? {}).flatMap(targets), ...Object.values(manifest.bin ?? {})];
  const missing = promised.map((path) => path.replace(/^\.\//, "")).filter((path) => !files.includes(path));
  if (missing.length > 0) {
    faults.push({
      what: `it would not publish ${[...new Set(missing)].join(", ")}`,
      fix: "run npm run build, then correct exports, bin or files",
    });
  }
  return faults;
}

function targets(target: unknown): readonly string[] {
  if (typeof target === "string") return [target];
  return typeof target === "object" && target !== null ? Object.values(target).flatMap(targets) : [];
}
