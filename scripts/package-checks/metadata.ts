import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pack.ts";
import type { Fault, Manifest, Package } from "./package.ts";

interface Rule {
  readonly holds: (manifest: Manifest, subject: Package) => boolean;
  readonly what: string;
  readonly fix: string;
}

/** What every `package.json` says, in the order in which it is read. */
const rules: readonly Rule[] = [
  {
    holds: ({ description }) => (description ?? "").length >= 20,
    what: "package.json has no description",
    fix: "say in one sentence what the package is",
  },
  {
    holds: ({ keywords }) => (keywords ?? []).length >= 3,
    what: "package.json has fewer than three keywords",
    fix: 'add the words people search for; an adapter has "headgate-provider" among them',
  },
  {
    holds: ({ license }) => license === "Apache-2.0",
    what: "the licence is not Apache-2.0",
    fix: 'write "license": "Apache-2.0"',
  },
  {
    holds: ({ repository }, { folder }) =>
      repository?.url === "git+https://github.com/headgate/headgate.git" && repository.directory === folder,
    what: "repository does not name this folder",
    fix: 'copy "repository" from another package and set "directory" to this folder',
  },
  {
    holds: ({ homepage, bugs }, { folder }) => (homepage ?? "").endsWith(`${folder}#readme`) && bugs !== undefined,
    what: "homepage or bugs is missing or names another folder",
    fix: "copy both from another package and correct the folder",
  },
  {
    holds: ({ type, main }) => type === "module" && main === undefined,
    what: "the package is not ESM only",
    fix: 'write "type": "module", and "exports" instead of "main"',
  },
  {
    holds: ({ exports }) =>
      exports?.["./package.json"] !== undefined && !/"require"|internal/.test(JSON.stringify(exports)),
    what: "exports is missing, has a require condition or an internal path, or hides package.json",
    fix: 'list every public path with "types" and "default", and "./package.json"',
  },
  {
    holds: ({ sideEffects }) => sideEffects === false,
    what: "sideEffects is not false",
    fix: 'write "sideEffects": false, and do nothing at import time',
  },
  {
    holds: ({ engines }) => engines?.node === ">=22.19",
    what: "engines.node is not >=22.19",
    fix: 'write "engines": { "node": ">=22.19" }',
  },
  {
    holds: ({ files }) => (files ?? []).length > 0,
    what: "files is missing, so that sources and tests would be published",
    fix: 'write "files": ["dist"]',
  },
  {
    holds: ({ publishConfig }) => publishConfig?.access === "public" && publishConfig.provenance === true,
    what: "publishConfig is not ready for provenance",
    fix: 'write "publishConfig": { "access": "public", "provenance": true }',
  },
  {
    holds: ({ scripts }) => !Object.keys(scripts ?? {}).some((name) => /^(pre|post)?(install|prepare)$/.test(name)),
    what: "there is a script that npm would run on the user's machine at install",
    fix: "remove it: installing runs nothing",
  },
  {
    holds: ({ peerDependencies }) => peerDependencies === undefined,
    what: "there are peer dependencies",
    fix: "depend on the contract by caret: a peer's minor version would be a major one of this package",
  },
];

/** Checks `package.json` against {@link rules}, and the ranges by which siblings are named. */
export function checkMetadata(subject: Package, all: readonly Package[]): readonly Fault[] {
  const { manifest } = subject;
  const broken = rules.filter(({ holds }) => !holds(manifest, subject)).map(({ what, fix }) => ({ what, fix }));
  const ranges = all
    .filter(({ name }) => manifest.dependencies?.[name] !== undefined)
    .filter(({ name, manifest: sibling }) => manifest.dependencies?.[name] !== `^${sibling.version}`)
    .map(({ name, manifest: sibling }) => ({
      what: `it depends on ${name} at ${manifest.dependencies?.[name]}`,
      fix: `write "^${sibling.version}"`,
    }));
  return [...broken, ...ranges];
}

/** Checks that what people read is there: README.md and the licence. */
export function checkDocuments({ folder, name, files }: Package): readonly Fault[] {
  const faults: Fault[] = [];
  const licence = join(root, folder, "LICENSE");
  if (!existsSync(licence) || readFileSync(licence, "utf8") !== readFileSync(join(root, "LICENSE"), "utf8")) {
    faults.push({ what: "LICENSE is missing or differs from the root's", fix: `cp LICENSE ${folder}/LICENSE` });
  }
  if (!files.includes("README.md")) {
    return [
      ...faults,
      { what: "README.md is missing", fix: "say what it is, how to install it, the smallest example, and its options" },
    ];
  }
  const text = readFileSync(join(root, folder, "README.md"), "utf8");
  const parts: readonly (readonly [RegExp, string])[] = [
    [new RegExp(`^# ${name}$`, "m"), `start it with "# ${name}"`],
    [new RegExp(`npm (i|install) (-D |-g )?${name}(\\s|$)`), `say how to install it: npm i ${name}`],
    [/^```\w+\n/m, "show the smallest example in a code block"],
    [/^\|[-| :]+\|$/m, "list its options, exports or commands in a table"],
  ];
  const missing = parts.filter(([pattern]) => !pattern.test(text));
  return [...faults, ...missing.map(([, fix]) => ({ what: "README.md is not complete", fix }))];
}
