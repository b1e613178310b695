import type ts from 'typescript';

/** Something in a package that the generator does not understand. It is never guessed at: the message says where it stands. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** Without a node it is about the operation as a whole. */
  constructor(node: ts.Node | undefined, reason: string) {
    super(node ? `${placeOf(node)}: ${reason}: ${excerpt(node)}` : reason);
  }
}

/** What it says; an error of any other kind is the generator's own, and passed on. */
export function reasonOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  throw error;
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
