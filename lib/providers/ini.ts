/** Reads an INI file: sections of `key = value`, with comments after `#` or `;`. The later of two wins. */
export function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    const [, key, value] = /^\s*([^\s=;#[][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (heading !== undefined) {
      section = sections.get(heading.trim()) ?? new Map<string, string>();
      sections.set(heading.trim(), section);
    } else if (key !== undefined && value !== undefined) {
      section.set(key, plain(value));
    }
  }
  return sections;
}

/** Quotes hold on to what would be a comment. */
function plain(value: string): string {
  const quoted = /^(["'])(.*?)\1\s*(?:[#;].*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/(?:^|\s+)[#;].*$/, '');
}
