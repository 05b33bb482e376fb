/** What is said of a group of tools by whoever knows no more of it: the wire demands some words. */
export const wordsOf = (namespace: string): string => `Tools of ${namespace}.`;
