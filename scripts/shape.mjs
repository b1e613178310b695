// The shape of the package as it will be published: packed, then looked at by publint (files, `exports`, formats) and by
// "are the types wrong" (what TypeScript finds under each subpath, in each way of resolving it).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const folder = '.cache/pack';
mkdirSync(folder, { recursive: true });
const [{ filename }] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', folder], { encoding: 'utf8' }),
);
const tarball = readFileSync(join(folder, filename));

const complaints = [...(await ofPublint()), ...(await ofTypes())];
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

async function ofPublint() {
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function ofTypes() {
  const { types, problems } = await checkPackage(createPackageFromTarballData(tarball));
  if (!types) return ['types: the package has none'];
  return problems.map(({ kind, ...facts }) => `types: ${kind} ${JSON.stringify(facts)}`);
}
