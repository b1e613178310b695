/** Which operations answer with what nobody else may see, by the names in their response's table. */
import { parseType, type Schema } from '../schema/grammar.js';
import { isSecretName, isSecretNameOf } from '../secret-names.js';
import type { AnyOperation } from '../service.js';

/**
 * Where an operation's answer holds secrets: passwords, keys, kubeconfigs, tokens, links that let in whoever has them. As far as
 * names tell: what is within a text is not seen.
 */
export function secretsInAnswer({ action, response, service }: AnyOperation): readonly string[] {
  if (response === undefined) return [];
  const isOwnSecret = isSecretNameOf(service.product);
  // What it is called itself is what its one text holds.
  const answersWithSecret = isSecretName(action) || /(?:Token|UploadSign)$/.test(action);
  const isSecretAt = (name: string, path: string): boolean => {
    if (harmless.test(name)) return false;
    // The names of one product only are those of its answers as a whole.
    if (path === '' && (isOwnSecret(name) || (answersWithSecret && payload.test(name)))) return true;
    return (
      isSecretName(name) || opening.test(name) || (/^user_?data$/i.test(name) && bootsInstances.test(service.product))
    );
  };
  const found: string[] = [];
  collect(parseType(response), '', isSecretAt, found, new Set());
  return found;
}

/** Named as secrets are, and none in an answer: settings of cookies, ids of others' records, the words of a text. */
const harmless = /cookie$|^external_?id$|^tokens$/i;
/** What opens something for whoever has it: consoles, presigned addresses. */
const opening = /(?:vnc|login|terminal)_?url$|pre_?signed/i;
/** Whose `UserData` is run by an instance as it boots, and often has passwords in it. Elsewhere it is a note of the caller's. */
const bootsInstances = /^(?:ecs|rds|eci)$/i;
/** The one text of an answer. */
const payload = /^(?:data|model|result)$/i;

type IsSecretAt = (name: string, path: string) => boolean;

function collect(schema: Schema, path: string, isSecretAt: IsSecretAt, found: string[], seen: Set<Schema>): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  if (schema.kind === 'array') return collect(schema.items, `${path}[]`, isSecretAt, found, seen);
  if (schema.kind === 'map') return collect(schema.values, `${path}{}`, isSecretAt, found, seen);
  if (schema.kind !== 'struct') return;
  // The key of a certificate, beside it; the value of a named secret.
  const hasCertificate = schema.fields.some(({ name }) => /^cert(?:ificate)?$/i.test(name));
  const isOfSecret = isSecretName(path.replace(/[[\]{}]/g, ''));
  for (const { name, schema: type } of schema.fields) {
    const at = path === '' ? name : `${path}.${name}`;
    const isSecret =
      isSecretAt(name, path) || (hasCertificate && name === 'Key') || (isOfSecret && /^value$/i.test(name));
    if (isSecret && holdsText(type)) found.push(at);
    else collect(type, at, isSecretAt, found, seen);
  }
}

/** Flags and counts of secrets are none, and what has fields of its own is told by these. */
function holdsText(schema: Schema): boolean {
  if (schema.kind === 'array') return holdsText(schema.items);
  if (schema.kind === 'map') return holdsText(schema.values);
  return schema.kind === 'string' || schema.kind === 'any';
}
