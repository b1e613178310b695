import type ts from 'typescript';

/** Something in a package that the generator does not understand. It is never guessed at: the message says where it stands. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(node: ts.Node, reason: string) {
    super(`${placeOf(node)}: ${reason}: ${excerpt(node)}`);
  }
}

/** `package/src/client.ts:12` */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
}

function excerpt(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
