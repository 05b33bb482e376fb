/**
 * The Headgate server: a config, plugins by name, and one port for the three APIs.
 *
 * @packageDocumentation
 */
export { ConfigRefused, type ConfigSource } from "./assemble.ts";
export {
  type ConfigSearch,
  findConfigFile,
  type ReadConfig,
  type ReadConfigOptions,
  readConfig,
} from "./config-file.ts";
export { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";
export { ListenError } from "./listen.ts";
export type { Refusal } from "./observe/fields.ts";
export { createRequestLog, type LogLevel, type LogOptions, type RequestLog } from "./observe/log.ts";
