import { testProvider } from "@headgate/provider-testkit";
import { describe, it } from "vitest";
import plugin from "./index.ts";

testProvider({ plugin, backend: "openrouter", describe, it });
testProvider({
  plugin,
  backend: "openrouter",
  config: { baseUrl: "${baseUrl}", region: "us" },
  places: ["us"],
  describe,
  it,
});
testProvider({
  plugin,
  backend: "openrouter",
  config: { region: "eu", inRegionHost: true },
  places: ["eu"],
  describe,
  it,
});
