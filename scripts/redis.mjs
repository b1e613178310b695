// The Redis that specs talk to: prints where `redis-server` is, installed from Debian's packages where it is missing and can be.
// Where it can't, it says so and ends with 0 and no path, so that the specs that need it are left out; with CI=true that is a
// failure. `REDIS_SERVER` names another one.
import { findOrInstall } from './system-package.mjs';

findOrInstall({
  what: 'Redis',
  commands: ['redis-server'],
  package: 'redis-server',
  named: process.env.REDIS_SERVER,
  leftOut: 'the specs with Redis are left out',
});
