import { isProviderId } from "../names/ref.ts";
import { formatPath } from "./path.ts";
import type { ConfigProblem } from "./problems.ts";
import type { ProviderRow } from "./schema.ts";
import { showValue } from "./show.ts";

/** What a row's shape does not tell. An error disables the row. */
export function checkRow(id: string, row: ProviderRow): readonly ConfigProblem[] {
  const path = ["models", "providers", id];
  const problems: ConfigProblem[] = [];
  if (!isProviderId(id)) {
    problems.push({
      severity: "error",
      path: formatPath(path),
      message: "not an id for a provider: letters, digits, dots, dashes and underscores, the first a letter or digit",
      fix: "give the row another key",
      provider: id,
    });
  }
  const urlFault = row.baseUrl === undefined ? undefined : faultOfUrl(row.baseUrl);
  if (urlFault !== undefined) {
    const value = showValue(row.baseUrl, [...path, "baseUrl"]);
    problems.push({
      severity: "error",
      path: formatPath([...path, "baseUrl"]),
      ...(value !== undefined && { value }),
      ...urlFault,
      provider: id,
    });
  }
  return [...problems, ...repeatedModels(id, row)];
}

function faultOfUrl(text: string): { readonly message: string; readonly fix: string } | undefined {
  const fix = 'write baseUrl: "http://127.0.0.1:1234/v1", for example';
  if (!URL.canParse(text)) return { message: "not a URL", fix };
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return { message: "not an http or https URL", fix };
  if (url.username !== "" || url.password !== "") {
    return { message: "a URL with credentials", fix: "take them out of the URL and write apiKey or headers" };
  }
  if (/[?#]/.test(text)) return { message: "a base URL with a query or fragment", fix: "end it with the path" };
  return undefined;
}

function repeatedModels(id: string, row: ProviderRow): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return row.models.flatMap((model, index) => {
    const repeated = seen.has(model.id);
    seen.add(model.id);
    if (!repeated) return [];
    return {
      severity: "warning",
      path: formatPath(["models", "providers", id, "models", index, "id"]),
      value: JSON.stringify(model.id),
      message: "written twice; the first one counts",
      fix: "take one out",
      provider: id,
    } satisfies ConfigProblem;
  });
}
