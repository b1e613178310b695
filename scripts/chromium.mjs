// The Chromium that the specs drive: prints where it is, installed from Debian's packages where it is missing and can be.
// Where it can't, it says so and ends with 0 and no path, so that the specs that need it are left out; with CI=true that is a
// failure. `CHROMIUM` names another one.
import { findOrInstall } from './system-package.mjs';

findOrInstall({
  what: 'Chromium',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  package: 'chromium',
  named: process.env.CHROMIUM,
  leftOut: 'the specs in a browser are left out',
});
