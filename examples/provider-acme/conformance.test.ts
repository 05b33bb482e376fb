import { testProvider } from "@headgate/provider-testkit";
import { describe, it } from "vitest";
import backend from "./backend.ts";
import acme from "./plugin.ts";

testProvider({ plugin: acme, backend, describe, it });
