/** The page on the architecture says what the code does: the stages and the layers, in their order. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { firstCells } from './tables.js';

const page = readFileSync('docs/architecture.md', 'utf8');

it('lists the stages of a call in their order', () => {
  const documented = firstCells(page, "One call's way").flat();
  expect(documented).toEqual(stagesOf('lib/pipeline/pipeline.ts'));
});

it('names a file of lib/pipeline for each stage', () => {
  const files = firstCells(page, "One call's way").map(([stage = '']) => {
    const name = stage.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return join('lib/pipeline', `${name}.ts`);
  });
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

it('lists the folders in the order in which they may import each other', () => {
  const layers = layersOf('.dependency-cruiser.cjs')
    .map((layer) => layer.filter((entry) => existsSync(join('lib', entry))))
    .filter((layer) => layer.length > 0);
  expect(firstCells(page, 'Folders')).toEqual(layers);
});

/** The names of the stages, from the outermost to the one that sends. */
function stagesOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const variables = new Map<string, ts.Expression>();
  let returned: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) variables.set(node.name.getText(), node.initializer);
    if (ts.isReturnStatement(node)) returned = node.expression;
    node.forEachChild(visit);
  };
  visit(source);

  const named = (expression: ts.Expression): string[] => {
    if (ts.isSpreadElement(expression)) return named(expression.expression);
    if (ts.isIdentifier(expression)) {
      const value = variables.get(expression.text);
      return value === undefined ? [expression.text] : named(value);
    }
    if (!ts.isCallExpression(expression)) throw new Error(`${expression.getText()} is no stage`);
    const [stages, last] = expression.arguments;
    // What is made of a way of sending is what the function says that makes it.
    if (expression.expression.getText() === 'onceLoaded') return named(returnedBy(last));
    if (expression.expression.getText() !== 'compose') return named(expression.expression);
    if (stages === undefined || !ts.isArrayLiteralExpression(stages) || last === undefined) {
      throw new Error('compose() is not given a list of stages and a handler');
    }
    return [...stages.elements, last].flatMap(named);
  };
  const returnedBy = (name: ts.Expression | undefined): ts.Expression => {
    const make = variables.get(name?.getText() ?? '');
    const last = make && ts.isArrowFunction(make) && ts.isBlock(make.body) ? make.body.statements.at(-1) : undefined;
    if (last === undefined || !ts.isReturnStatement(last) || !last.expression) throw new Error('It makes nothing');
    return last.expression;
  };
  if (returned === undefined) throw new Error(`${path} returns nothing`);
  return named(returned);
}

interface Rule {
  readonly name: string;
  readonly to: { readonly path?: string };
}

/** From the bottom up. There is a rule for each layer but the topmost, which is all that the last rule forbids. */
function layersOf(path: string): string[][] {
  const { forbidden } = createRequire(__filename)(resolve(path)) as { readonly forbidden: readonly Rule[] };
  const rules = forbidden.filter(({ name }) => name.startsWith('one-way: '));
  const topmost = /^\^lib\/\((.*)\)$/.exec(rules.at(-1)?.to.path ?? '')?.[1] ?? '';
  const layers = rules.map(({ name }) => name.slice('one-way: '.length).split(' '));
  return [...layers, topmost.replaceAll('\\', '').split('|')];
}
