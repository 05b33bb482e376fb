import { topics } from "../../packages/provider-testkit/src/case.ts";
import { cases } from "../../packages/provider-testkit/src/cases/index.ts";
import { escapeText, writeTable } from "./blocks.ts";

/** The cases of the conformance kit, a table for each topic; reports link to the anchors. */
export function testkitTables(): string {
  return topics
    .map((topic) => {
      const rows = cases
        .filter((one) => one.topic === topic)
        .map(({ id, reason }) => [`<a id="${id}"></a>\`${id}\``, escapeText(reason)]);
      return `### ${topic}\n\n${writeTable(["case", "promise"], rows)}`;
    })
    .join("\n\n");
}
