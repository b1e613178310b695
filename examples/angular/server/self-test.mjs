// What `--check` asks of the running app: a page that was rendered with the cloud's answers in it.
import assert from 'node:assert/strict';

export async function selfTest(origin) {
  const page = await fetch(`${origin}/`);
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self' 'nonce-/);
  assert.match(html, /web-01/, 'The list of instances is not in the page that the server rendered');
  console.log('Cloud Explorer rendered the list of instances, through the gateway');
}
