/** The attacks that a page's script can try against the gateway of its own origin. */
import { attacks, goodCall, type Wire } from '../../gateway/attacks.js';

export interface Tried {
  readonly name: string;
  readonly status: number;
  readonly code: string | undefined;
}

/** What a browser writes itself, whatever a page says. */
const ofTheBrowser = new Set(['host', 'origin', 'cookie', 'content-length']);

/** A form as any page can send it: nothing is asked before. */
export function postForm(action: string, enctype: string): Promise<unknown> {
  const frame = Object.assign(document.createElement('iframe'), { name: `frame${document.forms.length}` });
  const form = Object.assign(document.createElement('form'), { action, method: 'post', enctype, target: frame.name });
  const field = { name: '{"request":{"Amount":1},"a":"', value: '"}' };
  form.append(Object.assign(document.createElement('input'), field));
  document.body.append(frame, form);
  form.submit();
  return new Promise((resolve) => frame.addEventListener('load', resolve));
}

/** All else that a page can send without being asked before; it ends when the last has its answer. */
export async function postWithoutPreflight(url: string): Promise<void> {
  const init = { method: 'POST', credentials: 'include', body: '{"request":{"Amount":1}}' } as const;
  await fetch(url, { ...init, mode: 'no-cors' });
  await fetch(url, init).catch(() => undefined);
  navigator.sendBeacon(url, init.body);
  await new Promise((resolve) => Object.assign(new Image(), { onerror: resolve, src: url }));
}

export async function tryAttacks(): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const { group, name, change, inBrowser } of attacks) {
    if (!inBrowser) continue;
    const wire = change(goodCall(location.host, location.origin, crypto.randomUUID()));
    tried.push({ name: `${group}: ${name}`, ...(await send(wire)) });
  }
  return tried;
}

/** As the list says it, save what the browser adds. */
export async function send({ method, target, headers, body }: Wire): Promise<Omit<Tried, 'name'>> {
  const answer = await fetch(location.origin + target, {
    method,
    headers: headers
      .filter(([name]) => !ofTheBrowser.has(name))
      .map(([name, value]): [string, string] => [name, value]),
    body: bytesOf(body),
  });
  const text = await answer.text();
  const { Code: code } = (text.startsWith('{') ? JSON.parse(text) : {}) as { Code?: string };
  return { status: answer.status, code };
}

/** Each character a byte. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
