/**
 * The main job, end to end: launch instances through the async mode, wait until they run, list them page by page.
 *
 *   npm start              on the embedded emulator: no account, no network
 *   npm start -- --live    read-only, on the real endpoints, with ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET in the environment
 */
import { live } from './live.mjs';
import { onTheEmulator } from './on-the-emulator.mjs';

const job = process.argv.includes('--live') ? live() : onTheEmulator();

job.subscribe({
  error: (error) => {
    console.error(`\n${error.name}: ${error.message}`);
    process.exitCode = 1;
  },
});
