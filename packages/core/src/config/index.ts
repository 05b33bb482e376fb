export { checkRefs } from "./check-refs.ts";
export type { Environment } from "./environment.ts";
export { configJsonSchema } from "./json-schema.ts";
export { mergeModels } from "./merge.ts";
export { type ParsedConfig, parseConfig } from "./parse.ts";
export { type ConfigPath, formatPath, parsePath } from "./path.ts";
export { type ConfigProblem, formatProblem } from "./problems.ts";
export type {
  AgentsConfig,
  ColdStart,
  Config,
  ConfigInput,
  GatewayConfig,
  GatewayKey,
  ModelRow,
  ModelsConfig,
  ProviderRow,
  RetryConfig,
  RouteRow,
  Timeouts,
} from "./schema.ts";
