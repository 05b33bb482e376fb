import { defineConfig, type UserConfig } from "tsdown";

/** One build for every package: ESM with declarations, one file per entry, nothing inlined from dependencies. */
export const buildPackage = (entry: string[] | Record<string, string>): UserConfig =>
  defineConfig({
    entry,
    format: "esm",
    platform: "node",
    target: "node22",
    dts: { tsconfig: "../../tsconfig.build.json" },
    tsconfig: "../../tsconfig.build.json",
    fixedExtension: false,
    logLevel: "warn",
    // How long a build's plugins took is no warning on a small machine.
    checks: { pluginTimings: false },
  }) as UserConfig;
