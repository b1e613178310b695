/** Which fields, parameters and headers hold secrets, by their names. */

/**
 * Whether a field, a parameter or a header of that name holds a secret. It is its end that says so: `DBInstancePassword`
 * is one, `PasswordPolicy` and `SecretName` are none. Of `Account.1.Password`, any part counts.
 */
export function isSecretName(name: string): boolean {
  return name.length < 1024 && hint.test(name) && name.split('.').some(isSecretWord);
}

/** Fields whose names say so in one product only; a private key in PEM is known by itself. In lower case. */
const ofProducts: Readonly<Record<string, string>> = {
  cas: 'key',
  cs: 'config',
  dm: 'ticket',
  // What a role may do is the business of its owner alone.
  sts: 'policy',
  websitebuild: 'ticket',
};

/** The same, of a product's own fields too. */
export function isSecretNameOf(product: string): (name: string) => boolean {
  const own = Object.hasOwn(ofProducts, product.toLowerCase()) ? ofProducts[product.toLowerCase()] : undefined;
  return (name) => isSecretName(name) || name.toLowerCase() === own;
}

/** Most names are none, and are told apart at little cost. */
const hint = /secret|pas|pwd|token|asser|plain|kube|extern|psk|cak|otp|cook|sig|auth|pri|key|pin|code/i;

const nouns = ['secret', 'pass ?(?:word|wd|phrase|code)', 'pwd', 'token', 'assertion', 'plain ?text', 'kube ?config'];
const keys =
  '(?:private|priv|secret|security|api|auth|server|client|shared|master|sign(?:ing)?|session|service|admin|rsa) ?key';
const codes = '(?:pin|otp|app|auth|verify|verification|authentication) ?code';
/** Those that are words within others, or whose plural is a list of other things. */
const whole = `\\b(?:psk|cak|pin|otp|cookie|signature|(?:proxy )?authorization|(?:ssl|rsa) ?pri|external ?id|${codes})`;
const written = '(?: ?(?:value|data|content|body|json|pem|base ?64|blob))*(?: ?\\d+)?$';
const secret = new RegExp(`(?:(?:${nouns.join('|')}|${keys})s?|${whole})${written}`);
/** Tokens that are places in a list, names of a call, or counted. */
const harmless =
  /\b(?:next|client|page|last|continuation|http|max|min|input|output|total|prompt|completion|cached)(?: page)? ?tokens?\b/;

function isSecretWord(name: string): boolean {
  if (name.length > 128) return false;
  const words = name
    .replace(/([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .replace(/[^A-Za-z\d]+/g, ' ')
    .toLowerCase();
  return secret.test(words) && !harmless.test(words);
}
