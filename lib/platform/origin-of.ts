/** The scheme, host and port of a URL; the text itself, without what follows them, where it is none; of a path, the path. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    if (url.startsWith('/')) return /^[^?#]*/.exec(url)?.[0] ?? '';
    return /^[^/?#]*(?:\/\/[^/?#]*)?/.exec(url)?.[0].replace(/\/\/.*@/, '//') ?? '';
  }
}
