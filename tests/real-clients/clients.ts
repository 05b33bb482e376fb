import { claudeCode } from "./claude-code.ts";
import type { RealClient } from "./client.ts";
import { cline } from "./cline.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { libraries } from "./libraries.ts";
import { openclaw } from "./openclaw.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { qwenCode } from "./qwen-code.ts";

/** Every client that was seen to ask. */
export const clients: readonly RealClient[] = [
  ...claudeCode,
  ...codex,
  ...openclaw,
  ...pi,
  ...opencode,
  ...cline,
  ...copilot,
  ...qwenCode,
  ...libraries,
];
