/**
 * Whether the variable `DEBUG` turns a namespace on. Its patterns are separated by commas or spaces; `*` stands for any
 * text, and what a pattern with a `-` before it names stays off.
 */
export function isEnabled(variable: string, namespace: string): boolean {
  const patterns = variable.split(/[\s,]+/);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('-')).map((pattern) => pattern.slice(1));
  const fits = (pattern: string): boolean => patternOf(pattern).test(namespace);
  return wanted.some(fits) && !unwanted.some(fits);
}

function patternOf(pattern: string): RegExp {
  const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*')}$`);
}
