/** The fields of a `package.json` that are checked; everything may be absent or wrong. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly homepage?: string;
  readonly bugs?: unknown;
  readonly type?: string;
  readonly main?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly sideEffects?: unknown;
  readonly engines?: { readonly node?: string };
  readonly files?: readonly string[];
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository, as it would be published. */
export interface Package {
  readonly name: string;
  /** From the repository's root: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Absolute path of the packed package. */
  readonly tarball: string;
  /** Bytes packed. */
  readonly size: number;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** What is wrong with a package, and how to mend it. */
export interface Fault {
  readonly what: string;
  readonly fix: string;
}

/** Looks at one package; `all` are its siblings too. */
export type PackageCheck = (subject: Package, all: readonly Package[]) => readonly Fault[] | Promise<readonly Fault[]>;

/** True for packages whose default export is a provider plugin. */
export function isAdapter({ name }: Package): boolean {
  return name.startsWith("@headgate/provider-") && name !== "@headgate/provider-testkit";
}
