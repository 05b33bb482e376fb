import manifest from "../package.json" with { type: "json" };
import type { Names } from "./names.ts";

/** What the template was tested with. */
const versions: Readonly<Record<string, string>> = manifest.devDependencies;

const pick = (...names: readonly string[]): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(names.map((name) => [name, versions[name]]));

/** `package.json` of a new plugin. Provenance needs to know the repository. */
export function packageJson(names: Names, repository: string | undefined): object {
  return {
    name: names.package,
    version: "0.0.0",
    description: `Headgate adapter for ${names.title}.`,
    keywords: ["headgate", "headgate-provider", names.id],
    license: "Apache-2.0",
    ...(repository === undefined ? {} : placesOf(repository)),
    type: "module",
    sideEffects: false,
    engines: manifest.engines,
    exports: {
      ".": { types: "./dist/plugin.d.ts", default: "./dist/plugin.js" },
      "./package.json": "./package.json",
    },
    files: ["dist"],
    publishConfig: { access: "public", ...(repository === undefined ? {} : { provenance: true }) },
    scripts: {
      build: "tsc -p tsconfig.build.json",
      test: 'tsc && npm run build && node --test "test/*.test.ts"',
      release: "npm test && changeset publish",
    },
    dependencies: pick("@headgate/core", "zod"),
    devDependencies: pick("@changesets/cli", "@headgate/provider-testkit", "@types/node", "typescript"),
  };
}

/** @param repository - `owner/name` on GitHub. */
function placesOf(repository: string): object {
  const url = `https://github.com/${repository}`;
  return { repository: { type: "git", url: `git+${url}.git` }, homepage: `${url}#readme`, bugs: `${url}/issues` };
}
