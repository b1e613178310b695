/**
 * Recognises code by an example of it. In an example, a name such as `$$field` stands for any expression or name, and
 * for the same one wherever it stands again; all else has to be there as it is, in the words of any layout. Spaces and
 * comments don't count.
 */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { spellings } from './dialects.js';
import { Refusal } from './refusal.js';

export type Captures = Readonly<Record<string, ts.Node>>;
export type Pattern = (node: ts.Node) => Captures | undefined;

export function statement(example: string): Pattern {
  return pattern(example, (text) => firstIn(compiler.isBlock, `async () => { ${text} }`));
}

export function expression(example: string): Pattern {
  return pattern(example, (text) => firstIn(compiler.isParenthesizedExpression, `(${text})`));
}

export function member(example: string): Pattern {
  return pattern(example, (text) => firstIn(compiler.isClassExpression, `(class { ${text} })`));
}

/** The text of a string that was captured; anything but a string literal is refused. */
export function stringIn(captures: Captures, name: string): string {
  const node = captured(captures, name);
  if (!compiler.isStringLiteral(node)) throw new Refusal(node, 'expected a string');
  return node.text;
}

/** A name that was captured; anything but a plain name is refused. */
export function nameIn(captures: Captures, name: string): string {
  const node = captured(captures, name);
  if (!compiler.isIdentifier(node)) throw new Refusal(node, 'expected a name');
  return node.text;
}

function captured(captures: Captures, name: string): ts.Node {
  const node = captures[name];
  if (node === undefined) throw new Error(`The example has no ${name}`);
  return node;
}

function pattern(example: string, parse: (text: string) => ts.Node): Pattern {
  const nodes = spellings(example).map(parse);
  return (node) => {
    for (const each of nodes) {
      const captures: Record<string, ts.Node> = {};
      if (fits(each, node, captures)) return captures;
    }
    return undefined;
  };
}

function fits(example: ts.Node, node: ts.Node, captures: Record<string, ts.Node>): boolean {
  if (compiler.isIdentifier(example) && example.text.startsWith('$$'))
    return capture(example.text.slice(2), node, captures);
  if (example.kind !== node.kind) return false;
  const parts = partsOf(example);
  const others = partsOf(node);
  if (parts.length !== others.length) return false;
  if (parts.length === 0) return leafText(example) === leafText(node);
  return parts.every((part, index) => fits(part, others[index]!, captures));
}

function capture(name: string, node: ts.Node, captures: Record<string, ts.Node>): boolean {
  captures[name] ??= node;
  return captures[name].getText() === node.getText();
}

function partsOf(node: ts.Node): ts.Node[] {
  return node.getChildren().filter((child) => !compiler.isJSDoc(child));
}

function leafText(node: ts.Node): string {
  return compiler.isStringLiteral(node) ? node.text : node.getText();
}

function firstIn(isHolder: (node: ts.Node) => boolean, text: string): ts.Node {
  const find = (node: ts.Node): ts.Node | undefined =>
    isHolder(node) ? compiler.forEachChild(node, (child) => child) : compiler.forEachChild(node, find);
  const found = find(compiler.createSourceFile('example.ts', text, compiler.ScriptTarget.ES2022, true));
  if (found === undefined) throw new Error(`Not an example of code: ${text}`);
  return found;
}
