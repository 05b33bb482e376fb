import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { Fault, Package } from "./package.ts";

interface TypesReport {
  readonly analysis: { readonly types: unknown };
  readonly problems?: Readonly<
    Record<string, readonly { readonly entrypoint?: string; readonly resolutionKind?: string }[]>
  >;
}

/** Ways of importing that an ESM-only package does not serve. */
const notServed = new Set(["node10", "node16-cjs"]);

/** Are The Types Wrong, on the tarball. */
export async function checkTypes({ tarball, manifest }: Package): Promise<readonly Fault[]> {
  if (manifest.exports?.["."] === undefined) return [];
  const command = fileURLToPath(new URL("dist/index.js", import.meta.resolve("@arethetypeswrong/cli/package.json")));
  const flags = [command, tarball, "--profile", "esm-only", "--format", "json", "--no-definitely-typed"];
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, flags, { maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => resolve(stdout || stderr));
  });
  if (!text.startsWith("{"))
    return [{ what: `attw: ${text.trim()}`, fix: "mend the package so that attw can read it" }];
  const { analysis, problems } = JSON.parse(text) as TypesReport;
  if (analysis.types === false) return [{ what: "attw: it has no types", fix: 'give every path of exports a "types"' }];
  return Object.entries(problems ?? {}).flatMap(([kind, places]) =>
    places
      .filter(({ resolutionKind }) => !notServed.has(resolutionKind ?? ""))
      .map(({ entrypoint, resolutionKind }) => ({
        what: `attw: ${kind}${entrypoint === undefined ? "" : ` at ${entrypoint}`}${resolutionKind === undefined ? "" : ` (${resolutionKind})`}`,
        fix: `correct "exports"; the rules are explained by npx attw ${manifest.name}`,
      })),
  );
}

/** publint, on the tarball; a suggestion counts. */
export async function checkPublint({ tarball, manifest }: Package): Promise<readonly Fault[]> {
  const bytes = await readFile(tarball);
  const copy = new Uint8Array(bytes).buffer;
  const { messages } = await publint({ pack: { tarball: copy }, strict: true });
  return messages.map((message) => ({
    what: `publint: ${formatMessage(message, manifest as never, { color: false }) ?? message.code}`,
    fix: "correct package.json",
  }));
}
