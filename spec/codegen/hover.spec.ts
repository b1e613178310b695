/** What an editor shows: the language service, asked as editors ask it. */
import { resolve } from 'node:path';
import ts from 'typescript';

const program = `
import { StsClient, type AssumeRoleRequest } from './lib/services/sts.js';
declare const client: StsClient;
declare const request: AssumeRoleRequest;
client.assumeRole(request);
client.assumeRole;
client.assumeRoleWithChan(request);
client.assumeRoleWithCallback;
request.RoleArn;
request.DurationSeconds;
request.Policy;
client.
`;
const file = resolve('hovered.ts');
const host: ts.LanguageServiceHost = {
  getCompilationSettings: () => ({
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    noLib: false,
  }),
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name) => {
    const text = name === file ? program : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => ts.sys.readFile(name),
};
const service = ts.createLanguageService(host);
afterAll(() => service.dispose());

/** `text` ends where the cursor is. */
function hover(text: string): { type: string; doc: string } {
  const info = service.getQuickInfoAtPosition(file, program.indexOf(text) + text.length - 1);
  const tags = (info?.tags ?? []).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
  return {
    type: ts.displayPartsToString(info?.displayParts),
    doc: [ts.displayPartsToString(info?.documentation), ...tags].join('\n').trim(),
  };
}

const link = '[AssumeRole](https://api.aliyun.com/api/Sts/2015-04-01/AssumeRole)';

describe('hovering over', () => {
  it.each(['client.assumeRole', 'client.assumeRole;'])('a method (%s) shows the page of its operation', (text) => {
    expect(hover(text.replace(';', '')).doc).toBe(link);
  });

  it.each([
    ['request.RoleArn', 'required'],
    ['request.DurationSeconds', 'number'],
    ['request.Policy', ''],
  ])('%s shows what the type does not say: %j', (text, doc) => {
    expect(hover(text).doc).toBe(doc);
  });
});

it('offers a method before its variants', () => {
  const { entries } = service.getCompletionsAtPosition(file, program.lastIndexOf('client.') + 7, {})!;
  const sorted = [...entries].sort((a, b) => a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name));
  const names = sorted.map(({ name }) => name).filter((name) => /^assumeRole(?!WithOIDC|WithSAML)/.test(name));
  expect(names).toEqual(['assumeRole', 'assumeRoleWithCallback', 'assumeRoleWithChan']);
});
