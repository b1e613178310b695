/** The Chromium that specs drive, where there is one. */
import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Where it is; empty where there is none and none could be installed, which the script says, and what fails in CI. */
const { stdout, status } = spawnSync(process.execPath, ['scripts/chromium.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const executablePath = stdout.trim();

/** Left out where there is no browser. */
export const inBrowser = executablePath === '' && status === 0 ? describe.skip : describe;

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a new profile, which asks nothing of the network but what its pages do. */
export function launchChromium(...more: readonly string[]): Promise<Browser> {
  if (executablePath === '') throw new Error('There is no Chromium: see scripts/chromium.mjs');
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}
