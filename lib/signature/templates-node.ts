/** Keeps templates, in Node. `templates-browser.ts` is its twin. */
import type { EncodedRequest } from '../codec/encode.js';
import type { AnyOperation } from '../service.js';
import type { Signing } from './signing.js';
import type { MakeTemplate, Template } from './template.js';

/** One for each operation, made anew where it is not for the request. */
export function templates(make: MakeTemplate): MakeTemplate {
  const kept = new WeakMap<AnyOperation, Template>();
  return (encoded, signing) => {
    const { operation, attempts } = signing;
    // Of an attempt after others there is more to say.
    if (attempts.length > 0) return make(encoded, signing);
    let template = kept.get(operation);
    if (template === undefined || !isFor(template, encoded, signing)) {
      template = make(encoded, signing);
      kept.set(operation, template);
    }
    return template;
  };
}

function isFor(template: Template, { headers }: EncodedRequest, { origin, credentials }: Signing): boolean {
  return template.origin === origin && isSame(template.own, headers) && isSame(template.credentials, credentials);
}

/** Providers give other objects with the same in them, and each request has headers of its own. */
function isSame<T extends object>(one: Partial<T> = {}, other: Partial<T> = {}): boolean {
  const names = Object.keys(one) as (keyof T)[];
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
