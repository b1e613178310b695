// Builds `dist` as tsdown.config.ts says. `--fast` makes ES modules without types, all that the examples need, in a second.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';

const fast = process.argv.includes('--fast');

try {
  await build(fast ? { logLevel: 'error', dts: false, sourcemap: false, clean: false } : { logLevel: 'warn' });
  if (!fast) {
    dropMapsOf('dist/services');
    // It is minified already.
    dropMapsOf('dist/platform', /^undici-bundled\./);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Generated tables: their maps would be as large as all the rest of the package, and nobody steps through them. */
function dropMapsOf(folder, which = /^/) {
  for (const name of readdirSync(folder)) {
    if (!which.test(name)) continue;
    const file = join(folder, name);
    if (name.endsWith('.map')) rmSync(file);
    else if (/\.c?js$/.test(name)) writeFileSync(file, withoutMap(readFileSync(file, 'utf8')));
  }
}

function withoutMap(code) {
  return code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n');
}
