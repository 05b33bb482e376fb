export { catalog } from "./catalog.ts";
export { type Config, config } from "./config.ts";
export { default } from "./plugin.ts";
