/** The facts that a doc comment of an official package holds; its sentences are for users that generate for themselves. */
import type ts from 'typescript';
import { compiler } from './compiler.js';

export interface Doc {
  /** One of its remarks is the line "This parameter is required." */
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly example: string;
  /** All that it says, as lines of another doc comment. */
  readonly lines: readonly string[];
}

export function readDoc(node: ts.Node): Doc {
  const lines: Record<string, string[]> = {};
  let section = '';
  for (const line of commentLines(node)) {
    const tag = /^@(remarks|example|deprecated|param|returns)\b/.exec(line)?.[1];
    if (tag === undefined) (lines[section] ??= []).push(line);
    else lines[(section = tag)] ??= [];
  }
  return {
    required: lines.remarks?.includes('This parameter is required.') ?? false,
    deprecated: lines.deprecated !== undefined || leadingComments(node).includes('// Deprecated'),
    example: lines.example?.join('\n').trim() ?? '',
    lines: textOf(lines),
  };
}

function textOf({ '': summary = [], remarks = [], example = [], deprecated }: Record<string, string[]>): string[] {
  const remarked = remarks.filter((line) => line !== 'This parameter is required.');
  const text = [...summary, ...remarked]
    .join('\n')
    .trim()
    .replace(/\n{3,}/g, '\n\n');
  const examples = example.filter((line) => line !== '');
  return [
    ...(text === '' ? [] : text.split('\n')),
    ...(examples.length > 0 ? ['@example', ...examples] : []),
    ...(deprecated ? ['@deprecated'] : []),
  ];
}

function leadingComments(node: ts.Node): string[] {
  const text = node.getSourceFile().text;
  const comments = compiler.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return comments.map(({ pos, end }) => text.slice(pos, end));
}

function commentLines(node: ts.Node): string[] {
  const doc = leadingComments(node).findLast((comment) => comment.startsWith('/**'));
  return (doc ?? '').split(/\r?\n/).map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)?|\*\/$/g, '').trim());
}
