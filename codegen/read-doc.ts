/** The facts that a doc comment of an official package holds; its sentences are not read. */
import ts from 'typescript';

export interface Doc {
  /** One of its remarks is the line "This parameter is required." */
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly example: string;
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
    deprecated: lines.deprecated !== undefined,
    example: lines.example?.join('\n').trim() ?? '',
  };
}

function commentLines(node: ts.Node): string[] {
  const text = node.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const doc = comments.map(({ pos, end }) => text.slice(pos, end)).findLast((comment) => comment.startsWith('/**'));
  return (doc ?? '').split(/\r?\n/).map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)?/, '').trim());
}
