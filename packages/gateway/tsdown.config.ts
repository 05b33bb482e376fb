import { buildPackage } from "../../tsdown.base.ts";

export default buildPackage({
  index: "src/index.ts",
  "cli/index": "src/cli/index.ts",
  // A thread of its own is a file of its own.
  "store-worker": "src/store/store-worker.ts",
});
