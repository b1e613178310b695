import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operationMethods, readSignatures } from './signatures.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'signatures-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function signaturesOf(members: string): ReturnType<typeof readSignatures> {
  const file = join(folder, 'client.d.ts');
  writeFileSync(file, `export declare class Foo {}\nexport default class Client extends Base {\n${members}\n}\n`);
  return readSignatures(file);
}

it('reads what a method takes, and of which class it is', () => {
  const signatures = signaturesOf(
    'fooWithOptions(Id: string, request: $_model.FooRequest, headers: { [key: string]: string }, runtime: $dara.RuntimeOptions): Promise<Foo>;',
  );
  expect(signatures.get('fooWithOptions')).toEqual([
    { name: 'Id' },
    { name: 'request', className: 'FooRequest' },
    { name: 'headers' },
    { name: 'runtime', className: 'RuntimeOptions' },
  ]);
});

it('finds the operations in each layout, each once', () => {
  const signatures = signaturesOf(`
    _post(runtime: R): void;
    getEndpoint(product: string): string;
    fooWithOptions(request: FooRequest, runtime: R): Promise<Foo>;
    foo(request: FooRequest): Promise<Foo>;
    fooAdvance(request: FooAdvanceRequest, runtime: R): Promise<Foo>;
    fooWithSSE(request: FooRequest, runtime: R): AsyncGenerator<Foo>;
    barEx(request: BarRequest, runtime: R): Promise<Foo>;
    bar(request: BarRequest): Promise<Foo>;
    listExWithOptions(request: ListExRequest, runtime: R): Promise<Foo>;
    listEx(request: ListExRequest): Promise<Foo>;
    oldest(request: OldestRequest, runtime: R): Promise<Foo>;
    oldestAdvance(request: OldestAdvanceRequest, runtime: R): Promise<Foo>;`);
  expect([...operationMethods(signatures)]).toEqual([
    ['foo', 'fooWithOptions'],
    ['fooWithSSE', 'fooWithSSE'],
    ['bar', 'barEx'],
    ['listEx', 'listExWithOptions'],
    ['oldest', 'oldest'],
  ]);
});

it('refuses a file without a client', () => {
  const file = join(folder, 'client.d.ts');
  writeFileSync(file, 'export declare class Client {}\n');
  expect(() => readSignatures(file)).toThrow('to declare a client as its default export');
});
