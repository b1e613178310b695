// Opens an example in Chromium and uses it as a person would, while the emulator is watched from behind.
import { describeInstances, runInstances } from 'rx-alicloud/ecs';
import { firstValueFrom, NEVER } from 'rxjs';
import { until } from '../processes.mjs';

/** What development servers and frameworks say on purpose. */
const greetings = /^\[vite\] connect|^\[Fast Refresh\]|^%c?Download the React DevTools|^\[HMR\] connected/;

/**
 * Returns what is wrong, the paths of the scripts that the page had loaded when its data were shown and in the end, and all texts
 * that went over its wire.
 */
export async function visit({ browser, origin, cloud: { emulator, client } }) {
  const context = await browser.newContext();
  const visited = { faults: [], scriptsAtFirst: [], scripts: [], traffic: [] };
  let answer;
  /** How many requests for the list the page has begun, be they sent or broken off before. */
  let begun = 0;
  try {
    emulator.reset();
    await firstValueFrom(client.call(runInstances, { Amount: 2, InstanceName: 'web' }));
    // Reads are not answered at first: what the page asks for until then, it asks for at once.
    answer = emulator.handle(describeInstances, () => NEVER);
    const page = await context.newPage();
    watch(page, origin, visited);
    page.on('request', (request) => (begun += request.url().endsWith('/DescribeInstances') ? 1 : 0));

    await page.goto(`${origin}/`);
    // Once more after that, when all that a call needs is loaded: nothing delays a call that is one too many.
    for (const times of [1, 2]) {
      await until(() => emulator.activeRequests > 0, 'the page calls');
      await page.getByRole('button', { name: 'Hide' }).click();
      await until(() => emulator.activeRequests === 0, 'the call is cancelled when the list is hidden');
      if (begun !== times) visited.faults.push(`${begun} calls were begun for a list that was shown ${times} times`);
      if (times === 1) await page.getByRole('button', { name: 'Show' }).click();
    }

    answer();
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('listitem').nth(1).waitFor();
    visited.scriptsAtFirst = [...visited.scripts];
    await page.getByRole('listitem').filter({ hasText: 'web Running' }).nth(1).waitFor();
    await firstValueFrom(client.call(runInstances, { Amount: 1, InstanceName: 'later' }));
    await page.getByRole('listitem').filter({ hasText: 'later Running' }).waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByRole('listitem').first().waitFor({ state: 'detached' });
  } catch (error) {
    visited.faults.push(error.message);
  } finally {
    answer?.();
    await Promise.allSettled(visited.traffic).then(
      (texts) => (visited.traffic = texts.map(({ value }) => value ?? '')),
    );
    await context.close();
  }
  return visited;
}

function watch(page, origin, { faults, scripts, traffic }) {
  page.setDefaultTimeout(180_000);
  page.on('pageerror', (error) => faults.push(`thrown in the page: ${error.message}`));
  page.on('console', (message) => {
    if (!greetings.test(message.text())) faults.push(`on the console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    traffic.push(`${url} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`);
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) faults.push(`a request to ${url}`);
  });
  page.on('response', (response) => {
    const text = response.text().catch(() => '');
    traffic.push(text);
    if (response.request().resourceType() === 'script') scripts.push(new URL(response.url()).pathname);
  });
}
