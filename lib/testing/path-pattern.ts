/** The paths of ROA operations: `/clusters/{ClusterId}/nodes`. */

/** The variables of a path, decoded; `undefined` where the path isn't one of this pattern. */
export type PathPattern = (path: string) => Readonly<Record<string, string>> | undefined;

export function compilePath(template: string): PathPattern {
  const names: string[] = [];
  const source = template
    .replace(/\?.*/s, '')
    .split(/\{([^}]*)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^$|()[\]\\]/g, '\\$&');
      names.push(part);
      return '([^/]+)';
    });
  const pattern = new RegExp(`^${source.join('')}$`);

  return (path) => {
    const values = pattern.exec(path);
    if (values === null) return undefined;
    try {
      return Object.fromEntries(names.map((name, index) => [name, decode(values[index + 1] ?? '')]));
    } catch {
      return undefined;
    }
  };
}

/** A plus is a space, as it is where the path is signed. */
function decode(value: string): string {
  return decodeURIComponent(value.replaceAll('+', ' '));
}
