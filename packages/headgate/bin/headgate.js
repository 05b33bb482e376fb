#!/usr/bin/env node
import { main } from "@headgate/gateway/cli";

// Adapters installed with this package are found from here when the config's own folder has none.
process.exitCode = await main(process.argv.slice(2), { from: import.meta.url });
