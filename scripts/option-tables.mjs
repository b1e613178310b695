// The tables of options and of error codes in the pages, written from the doc comments of the code, so that they can't differ:
//
//   npm run docs:tables              writes them
//   npm run docs:tables -- --check   says where a page is not what would be written
//
// A page marks where a table stands, and of which options it is: those named, or all of the interface.
//
//   <!-- options: ClientOptions connectTimeout readTimeout -->
//   <!-- options: RetryOptions as retry. -->
//   <!-- codes: ClientErrorCode -->
//   <!-- end of table -->
//
// In a doc comment, text is what an option is, with its unit and its minimum; `@default` its default, `@env` the variable of the
// environment that stands in for it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const isCheck = process.argv.includes('--check');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const all = [
  'README.md',
  ...readdirSync('docs', { recursive: true }).flatMap((file) => (file.endsWith('.md') ? [join('docs', file)] : [])),
];
const pages = named.length > 0 ? named : all;

const sources = readdirSync('lib', { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('services'))
  .map((file) => join('lib', file));
const declarations = new Map();
/** Interface → the options of it that stand on some page. */
const documented = new Map();
const complaints = [];

for (const page of pages) {
  const before = readFileSync(page, 'utf8');
  const after = withTables(before, page);
  if (after === before) continue;
  if (isCheck) complaints.push(`${page} is not what the doc comments say: run \`npm run docs:tables\``);
  else writeFileSync(page, after);
}
if (named.length === 0) {
  for (const [name, seen] of documented) {
    const missing = optionsOf(name).filter((option) => !seen.has(option.name));
    for (const option of missing) complaints.push(`${name}.${option.name} stands in no table`);
  }
}
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

function withTables(text, page) {
  return text.replace(
    /^(<!-- (options|codes): (\w+)(?: as (\S+))?((?: \w+)*) -->\n)[^]*?^(<!-- end of table -->)$/gm,
    (whole, begin, kind, name, prefix = '', names, end) => {
      try {
        const table = kind === 'codes' ? codeTable(name) : optionTable(name, prefix, names.trim().split(' '));
        return `${begin}${table}${end}`;
      } catch (error) {
        complaints.push(`${page}: ${error.message}`);
        return whole;
      }
    },
  );
}

function optionTable(interfaceName, prefix, names) {
  const options = optionsOf(interfaceName);
  const chosen = names[0] === '' ? options : names.map((name) => optionOf(options, name, interfaceName));
  const seen = documented.get(interfaceName) ?? new Set();
  documented.set(interfaceName, seen);
  for (const { name } of chosen) seen.add(name);
  const hasEnvironment = chosen.some(({ env }) => env !== undefined);
  return tableOf(
    ['option', 'what it is', 'default', ...(hasEnvironment ? ['environment'] : [])],
    chosen.map(({ name, text, fallback, env }) => [
      `\`${prefix}${name}\``,
      text,
      literal(fallback),
      ...(hasEnvironment ? [env ?? '–'] : []),
    ]),
  );
}

function optionOf(options, name, interfaceName) {
  const found = options.find((option) => option.name === name);
  if (found === undefined) throw new Error(`${interfaceName} has no option ${name}`);
  return found;
}

function optionsOf(interfaceName) {
  const { members } = declarationOf(interfaceName, ts.isInterfaceDeclaration);
  return members.map((member) => {
    const name = member.name.getText();
    const { text, tags } = commentOf(member);
    if (text === '') throw new Error(`${interfaceName}.${name} has no doc comment`);
    return { name, text, fallback: tags.get('default'), env: tags.get('env') };
  });
}

/** Of a union of texts, one a code. */
function codeTable(typeName) {
  const { type } = declarationOf(typeName, ts.isTypeAliasDeclaration);
  const rows = type.types.map((member) => {
    const code = member.literal.text;
    // The comment stands before the bar, where the compiler takes it for nobody's.
    const source = member.getSourceFile().text;
    const [range] = ts.getLeadingCommentRanges(source, member.getFullStart()) ?? [];
    const comment = range ?? lastCommentBefore(source, member.getStart());
    if (comment === undefined) throw new Error(`${typeName}: ${code} has no doc comment`);
    return [`\`${code}\``, plain(source.slice(comment.pos, comment.end).replace(/^\/\*\*|\*\/$/g, ''))];
  });
  return tableOf(['code', 'when'], rows);
}

function lastCommentBefore(source, position) {
  const pos = source.lastIndexOf('/**', position);
  const end = source.indexOf('*/', pos) + 2;
  return source.slice(end, position).trim() === '|' ? { pos, end } : undefined;
}

function declarationOf(name, isKind) {
  if (declarations.has(name)) return declarations.get(name);
  const declared = new RegExp(`^export (?:interface|type) ${name}\\b`, 'm');
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    if (!declared.test(text)) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found = source.statements.find((statement) => isKind(statement) && statement.name.text === name);
    if (found === undefined) continue;
    declarations.set(name, found);
    return found;
  }
  throw new Error(`lib declares no ${name}`);
}

function commentOf(node) {
  const comment = node.jsDoc?.at(-1);
  const tags = new Map(comment?.tags?.map((tag) => [tag.tagName.text, plain(ts.getTextOfJSDocComment(tag.comment))]));
  return { text: plain(ts.getTextOfJSDocComment(comment?.comment)), tags };
}

/** On one line, as Markdown has it in a table. */
function plain(comment = '') {
  return comment
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s*\n[\s*]*/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

/** A value that leads the text is code. */
function literal(text) {
  return text?.replace(/^('.*'|true|false|[\d_]+)(?=$|[,: ])/, '`$1`') ?? '–';
}

function tableOf(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
