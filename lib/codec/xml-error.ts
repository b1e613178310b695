/** Error answers in XML. They are read from front to back, whatever is in them: no pattern looks twice. */

/** The texts of an error's elements, by name; `undefined` where the document is none of an error. */
export function readXmlError(xml: string): ReadonlyMap<string, string> | undefined {
  const texts = new Map<string, string>();
  let root: string | undefined;
  let open: string | undefined;
  let from = 0;
  for (let at = xml.indexOf('<'); at !== -1;) {
    // Within a section of plain characters, no tag is one.
    const [begins, ends] = sections.find(([begin]) => xml.startsWith(begin, at)) ?? ['<', '>'];
    const end = xml.indexOf(ends, at + begins.length);
    if (end === -1) break;
    if (begins === '<') {
      const [, slash = '', name = ''] =
        /^(\/?)(?:[\w-]+:)?([\w-]+)/.exec(xml.slice(at + 1, Math.min(end, at + 200))) ?? [];
      if (root === undefined && !/^error(?:response)?$/i.test(name)) return undefined;
      root ??= name;
      if (slash === '/' && name === open) texts.set(name, texts.get(name) ?? textOf(xml.slice(from, at)));
      open = slash === '/' || xml[end - 1] === '/' ? undefined : name;
      from = end + 1;
    }
    at = xml.indexOf('<', end + ends.length);
  }
  return root === undefined || !/^\uFEFF?\s*</.test(xml) ? undefined : texts;
}

const sections = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

function textOf(xml: string): string {
  const [first = '', ...rest] = xml.split('<![CDATA[');
  const parts = rest.map((part) => {
    const [plain = '', ...after] = part.split(']]>');
    return plain + unescapeXml(after.join(']]>'));
  });
  return unescapeXml(first) + parts.join('');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(escaped: string): string {
  return escaped.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}
