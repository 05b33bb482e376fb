export { type Config, config, type Region, regions } from "./config.ts";
export { readFailure } from "./failure.ts";
export { catalog } from "./models.ts";
export { default } from "./plugin.ts";
