// The app's pages: its files, and what Angular renders, under a strict content security policy.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../dist/', import.meta.url));
const browserFiles = join(built, 'browser');

const types = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Scripts and styles are the app's own files, or have the nonce of this one answer; scripts come from no string. */
const policy = (nonce) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types angular',
  ].join('; ');

const cookieName = 'explorer-session';

export async function createSite() {
  const { render } = await import(new URL('../dist/server/server.mjs', import.meta.url).href);
  /** The sessions by the tokens in their cookies. */
  const sessions = new Map();

  /** The token of the visitor's session: a new one where there is none, or one that an earlier run of the server gave. */
  function greet(request, response) {
    const known = tokenOf(request.headers.cookie);
    if (sessions.has(known)) return known;
    const token = randomUUID();
    sessions.set(token, { id: `session-${sessions.size + 1}` });
    response.setHeader('set-cookie', `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    return token;
  }

  return {
    greet,
    /** Whose request it is, by its cookie; `undefined` where it has none that this server has given. */
    sessionOf(cookies) {
      return sessions.get(tokenOf(cookies));
    },
    async answer(request, response, origin) {
      const url = new URL(request.url, origin);
      if (!['GET', 'HEAD'].includes(request.method)) return end(response, 405, '');
      if (extname(url.pathname) !== '') return sendFile(response, url.pathname);

      const token = greet(request, response);
      const cookie = [`${cookieName}=${token}`, request.headers.cookie].filter(Boolean).join('; ');
      const page = await render(new Request(url, { headers: { cookie, accept: 'text/html' } }));
      if (page === null) return end(response, 404, 'There is no such page.');
      const location = page.headers.get('location');
      if (location !== null) response.setHeader('location', location);
      const nonce = randomBytes(18).toString('base64');
      response.setHeader('content-security-policy', policy(nonce));
      const html = (await page.text()).replaceAll('csp-nonce-placeholder', nonce);
      end(response, page.status, html, 'text/html; charset=utf-8', 'no-store');
    },
  };
}

function tokenOf(cookies) {
  return new RegExp(`(?:^|; )${cookieName}=([\\w-]+)`).exec(cookies ?? '')?.[1];
}

async function sendFile(response, pathname) {
  const file = normalize(join(browserFiles, decodeURIComponent(pathname)));
  const type = types[extname(file)];
  if (type === undefined || !file.startsWith(browserFiles + sep)) return end(response, 404, '');
  try {
    // The names of what Angular builds change with what is in them.
    const caching = /-[A-Z0-9]{8}\.(js|css)$/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache';
    end(response, 200, await readFile(file), type, caching);
  } catch {
    end(response, 404, '');
  }
}

function end(response, status, body, type = 'text/plain; charset=utf-8', caching = 'no-store') {
  response.writeHead(status, { ...headers, 'content-type': type, 'cache-control': caching });
  response.end(body);
}
