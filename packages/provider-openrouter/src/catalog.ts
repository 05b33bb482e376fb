import type { ModelFacts } from "@headgate/core/provider";

/**
 * Open-weight models that work out of the box. Windows and prices change with whoever hosts them: what is certain stands
 * here, the rest is read from OpenRouter where it is needed.
 */
export const catalog: readonly ModelFacts[] = [
  { id: "minimax/minimax-m2.1", ownedBy: "minimax" },
  {
    id: "moonshotai/kimi-k3",
    name: "Kimi K3",
    ownedBy: "moonshotai",
    contextWindow: 1_048_576,
    tools: true,
    reasoning: true,
    cost: { input: 3, output: 15, cacheRead: 0.3 },
  },
  { id: "z-ai/glm-5", ownedBy: "z-ai" },
  { id: "z-ai/glm-5.3", ownedBy: "z-ai" },
];
