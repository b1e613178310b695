// Builds `dist` as tsdown.config.ts says. `--fast` makes ES modules without types, all that the examples need, in a second.
import { build } from 'tsdown';

const fast = process.argv.includes('--fast');

try {
  await build(fast ? { logLevel: 'error', dts: false, clean: false } : { logLevel: 'warn' });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
