import config from './jest.config.js';

/** The example app in a browser: apart from the specs, as it takes a minute to install and to build. */
export default { ...config, roots: ['<rootDir>/spec/app'], testMatch: ['**/*.browser.ts'], maxWorkers: 1 };
