/** Writes the API reference, site/api/*.md, from the doc comments of the public entries. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Application, Comment, Converter, LogLevel, OptionDefaults, ReflectionKind, type Context } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { documented } from './entries.js';
import { repository } from './repository.js';

/** How the pages are written. */
const markdown: Partial<PluginOptions> = {
  mergeReadme: true,
  entryFileName: 'index',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  pageTitleTemplates: { member: '{name}', module: '{name}' },
  useCodeBlocks: true,
  expandObjects: false,
  interfacePropertiesFormat: 'list',
  indexFormat: 'table',
  parametersFormat: 'table',
};

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  out: 'site/api',
  entryPoints: documented.map(({ file }) => file),
  tsconfig: 'tsconfig.build.json',
  // `npm run types` does that.
  skipErrorChecking: true,
  logLevel: LogLevel.Warn,
  readme: 'site/reference.md',
  blockTags: [...OptionDefaults.blockTags, '@env'],
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableGit: true,
  displayBasePath: resolve('.'),
  sourceLinkTemplate: `${repository}/blob/main/{path}#L{line}`,
  // Of names that no entry exports, spec/api keeps the list.
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
  treatWarningsAsErrors: true,
  ...markdown,
});

// As users import them.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    const source = module.sources?.[0]?.fullFileName ?? '';
    const entry = documented.find(({ file }) => file === relative('.', source));
    if (entry === undefined) continue;
    module.name = entry.specifier;
    module.comment ??= headOf(entry.file);
  }
});

const project = await app.convert();
if (project === undefined) throw new Error('TypeDoc could not read lib');
app.validate(project);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;

/** The comment that a file begins with, which TypeDoc takes for its first declaration's; a product's has none. */
function headOf(file: string): Comment {
  const [, text = 'One of the products: all are alike.'] = /^\/\*\* (.*) \*\/\n/.exec(readFileSync(file, 'utf8')) ?? [];
  return new Comment([{ kind: 'text', text }]);
}
