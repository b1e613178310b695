/** Reads an INI file: sections of `key = value`, with comments after `#` or `;`. The later of two wins. */
export function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r\n?|\n/).map((line) => line.trim())) {
    const end = line.startsWith('[') ? line.indexOf(']') : -1;
    const equals = line.indexOf('=');
    if (end > 0) {
      const name = line.slice(1, end).trim();
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
    } else if (equals > 0 && !'[#;'.includes(line.charAt(0))) {
      section.set(line.slice(0, equals).trimEnd(), plain(line.slice(equals + 1).trimStart()));
    }
  }
  return sections;
}

/** Quotes hold on to what would be a comment. */
function plain(value: string): string {
  const quote = value.charAt(0);
  if (quote === '"' || quote === "'") {
    for (let end = value.indexOf(quote, 1); end > 0; end = value.indexOf(quote, end + 1)) {
      if (isOver(value, end + 1)) return value.slice(1, end);
    }
  }
  const comment = /^[#;]|\s[#;]/.exec(value);
  return comment === null ? value : value.slice(0, comment.index).trimEnd();
}

/** Whether nothing follows, or a comment. */
function isOver(value: string, at: number): boolean {
  const rest = /\s*(?:[#;]|$)/y;
  rest.lastIndex = at;
  return rest.test(value);
}
