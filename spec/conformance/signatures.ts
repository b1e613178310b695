/** What the methods of an official client take, read from its declarations. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface Parameter {
  readonly name: string;
  /** The class of a request or of headers, such as `DescribeRegionsRequest`; absent for anything but a class. */
  readonly className?: string | undefined;
}

/** The parameters of each method of the default export. */
export type Signatures = ReadonlyMap<string, readonly Parameter[]>;

export function readSignatures(file: string): Signatures {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  const client = source.statements.find(
    (statement): statement is ts.ClassDeclaration =>
      ts.isClassDeclaration(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true,
  );
  if (client === undefined) throw new Error(`Expected ${file} to declare a client as its default export`);
  const methods = client.members.filter(ts.isMethodDeclaration);
  return new Map(methods.map((method) => [nameOf(method.name), method.parameters.map(parameterOf)]));
}

/** The operations, each with the method that calls it with all that can be said: it takes `runtime`. */
export function operationMethods(signatures: Signatures): ReadonlyMap<string, string> {
  const methods = [...signatures]
    .filter(
      ([name, parameters]) => !name.startsWith('_') && parameters.some((parameter) => parameter.name === 'runtime'),
    )
    .map(([method]) => [operationOf(method, signatures), method] as const);
  return new Map(methods.filter(([operation]) => operation !== undefined) as [string, string][]);
}

/** `foo` of `fooWithOptions` and of `fooEx`; none of `fooAdvance`, which uploads files and then calls `foo`. */
function operationOf(method: string, signatures: Signatures): string | undefined {
  const [, stem = '', ending] = /^(.+)(WithOptions|Ex|Advance)$/.exec(method) ?? [];
  if (ending === 'WithOptions') return stem;
  if (!signatures.has(stem)) return method;
  return ending === 'Advance' ? undefined : stem;
}

function parameterOf({ name, type }: ts.ParameterDeclaration): Parameter {
  const reference = type !== undefined && ts.isTypeReferenceNode(type) ? type.typeName : undefined;
  const className = reference === undefined || ts.isIdentifier(reference) ? reference : reference.right;
  return { name: nameOf(name), className: className?.text };
}

function nameOf(name: ts.BindingName | ts.PropertyName): string {
  if (!ts.isIdentifier(name)) throw new Error('Expected a plain name in the declarations of a client');
  return name.text;
}
