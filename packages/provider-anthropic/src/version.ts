/** A model's version, as its id says it: 4.5 is `[4, 5]`. `undefined` for ids of another form. */
export function versionOf(model: string): readonly [major: number, minor: number] | undefined {
  const match = /^claude-[a-z]+-(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?/.exec(model);
  return match === null ? undefined : [Number(match[1]), Number(match[2] ?? 0)];
}

/** True for a model of this version or a later one, and for one whose id says nothing: new names are new models. */
export function isAtLeast(model: string, major: number, minor: number): boolean {
  const version = versionOf(model);
  return version === undefined || version[0] > major || (version[0] === major && version[1] >= minor);
}
