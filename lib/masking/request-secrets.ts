/** The secrets that a request carries: a server that explains itself sends them back. */
import { openFrame } from '../gateway-protocol/frame.js';
import { frameType } from '../gateway-protocol/headers.js';
import { parseJson } from '../schema/json.js';
import { isSecretName, isSecretNameOf } from '../secret-names.js';
import type { HttpRequest } from '../transport/transport.js';

/** What is shorter than the shortest password that an operation takes (`VncPassword`) is not looked for in texts. */
export const shortestSecret = 6;

/** The values of the fields that hold secrets by their names. Shorter ones are hidden where their names stand beside them. */
export function secretsIn({ url, headers, body }: HttpRequest, product: string): string[] {
  const isSecret = isSecretNameOf(product);
  const found = new Set<string>();
  const note = (value: unknown): void => {
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
    if (text.length >= shortestSecret) found.add(text);
    // Whoever quotes a private key may quote a line of it.
    const lines = text.includes('\n') ? text.split(/\r?\n/) : [];
    for (const line of lines) if (line.length >= 16 && !line.startsWith('---')) found.add(line);
  };
  const see = (fields: readonly Field[]): void => {
    const open = [...fields];
    for (let field = open.pop(); field !== undefined; field = open.pop()) {
      const { value } = field;
      const inside = field.inside || isSecret(field.name);
      if (inside || isPrivateKey(value)) note(value);
      // Of a text that is secret as a whole, many parts are ordinary words.
      const members = typeof value === 'string' ? membersOf(parsed(value), false) : membersOf(value, inside);
      for (const member of members) open.push(member);
    }
  };
  const parametersOf = (text: string): Field[] => pairsOf([...new URLSearchParams(text)]);

  see(parametersOf(url.slice(url.indexOf('?') + 1 || url.length)));
  see(pairsOf(Object.entries(headers)));
  const text = textOf(body, headers['content-type']);
  if (text === undefined) return [...found];
  see(
    headers['content-type']?.includes('urlencoded') === true
      ? parametersOf(text)
      : [{ name: '', value: text, inside: false }],
  );
  return [...found];
}

/** Of a frame, its JSON. */
function textOf(body: HttpRequest['body'], type: string | undefined): string | undefined {
  if (!(body instanceof Uint8Array)) return body;
  const framed = type === frameType ? openFrame(body) : undefined;
  return framed && new TextDecoder().decode(framed.json);
}

interface Field {
  readonly name: string;
  readonly value: unknown;
  /** Whether what it stands in is secret by its name. */
  readonly inside: boolean;
}

/** A field that names another, whose value is in a third: `{ ParameterKey: 'Password', ParameterValue: … }`. */
const naming = /(?:^|\.|[a-z])(?:key|name)$/i;
const valued = /(?:^|\.|[a-z])value$/i;

function pairsOf(entries: readonly (readonly [string, unknown])[], inside = false): Field[] {
  const named = new Set<string>();
  for (const [name, value] of entries) {
    if (naming.test(name) && typeof value === 'string' && isSecretName(value)) named.add(groupOf(name));
  }
  return entries.map(([name, value]) => ({
    name,
    value,
    inside: inside || (valued.test(name) && named.has(groupOf(name))),
  }));
}

/** `Parameters.1.ParameterKey` and `Parameters.1.ParameterValue` are of one group. */
function groupOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.') + 1);
}

function membersOf(value: unknown, inside: boolean): Field[] {
  if (Array.isArray(value)) return value.map((item: unknown) => ({ name: '', value: item, inside }));
  return typeof value === 'object' && value !== null ? pairsOf(Object.entries(value), inside) : [];
}

/** JSON in a text, or lines as in YAML. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text.includes('\n') ? linesOf(text) : undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** `token: …`, in a kubeconfig say. */
function linesOf(text: string): object[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^[ -]*([\w.-]{1,128}):\s*["']?([^\s"']+)/.exec(line) ?? [];
    return name === undefined ? [] : [{ [name]: value }];
  });
}

function isPrivateKey(value: unknown): boolean {
  return typeof value === 'string' && /^[^{[]*PRIVATE KEY-----/.test(value);
}
