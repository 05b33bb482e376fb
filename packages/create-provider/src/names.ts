/** A provider's id, in every form in which it is written. */
export interface Names {
  /** `my-backend` */
  readonly id: string;
  /** `headgate-provider-my-backend` */
  readonly package: string;
  /** `MY_BACKEND` */
  readonly variable: string;
  /** `My Backend` */
  readonly title: string;
}

/** Reads an id, or a package's name with one; `undefined` where it can be no id. */
export function readNames(text: string): Names | undefined {
  const id = text.replace(/^headgate-provider-/, "");
  if (!/^[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*$/.test(id)) return undefined;
  const words = id.split(/[-._]/);
  return {
    id,
    package: `headgate-provider-${id}`,
    variable: words.join("_").toUpperCase(),
    title: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" "),
  };
}

/** The template with these names in place of its own. */
export const withNames = (text: string, { id, variable, title }: Names): string =>
  text.replaceAll("my-backend", id).replaceAll("MY_BACKEND", variable).replaceAll("My Backend", title);
