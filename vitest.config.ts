import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import tsconfig from "./tsconfig.json" with { type: "json" };

// Tests read the sources, by the same map as the type checker; only tests of processes and packages use what was built.
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [file]]) => ({
  find: new RegExp(`^${name.replace("*", "([\\w-]+)")}$`),
  replacement: fileURLToPath(new URL((file as string).replace("*", "$1"), import.meta.url)),
}));

export default defineConfig({
  resolve: { alias },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts", "examples/**/*.test.ts"],
    testTimeout: 20_000,
    // One core less than there are would leave half of a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
  },
});
