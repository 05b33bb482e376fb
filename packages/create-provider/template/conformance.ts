import { testProvider } from "@headgate/provider-testkit";
import plugin from "../src/plugin.ts";
import backend from "./backend.ts";

testProvider({ plugin, backend });
