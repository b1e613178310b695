/** The scheme, host and port of a URL; the text itself, without what follows them, where it is none. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return /^[^/?#]*(?:\/\/[^/?#]*)?/.exec(url)?.[0].replace(/\/\/.*@/, '//') ?? '';
  }
}
