/** The Chromium that specs drive, where there is one. */
import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Where it is; empty where there is none and none could be installed, which the script says, and what fails in CI. */
const { stdout: executablePath, status } = spawnSync(process.execPath, ['scripts/chromium.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});

/** Left out where there is no browser. */
export const inBrowser = executablePath.trim() === '' && status === 0 ? describe.skip : describe;

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
  return chromium.launch({ executablePath: executablePath.trim(), args: [...flags, ...more] });
}
