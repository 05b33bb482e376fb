export { type Config, config } from "./config.ts";
export { rules } from "./failure.ts";
export { default } from "./plugin.ts";
