/** The digits of numbers: which of them a double keeps. */

/** Whether it is a number so large that digits may have been lost: from 2^53 on. */
export function isRounded(value: unknown): boolean {
  return typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER);
}

/** What takes more digits is no number that anybody counts with, and would take its time. */
const longest = 1000;

/**
 * The value of a decimal number: an integer beyond 2^53 is a `bigint`, unless it has an exponent and a double keeps all its
 * digits, as of `1e22`. Fractions are the nearest double. What is too large for both is the text itself.
 */
export function numberOf(text: string): number | bigint | string {
  const number = Number(text);
  if (!isRounded(number)) return number;
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d*)\.?(\d*)(?:e(.+))?$/i.exec(text) ?? [];
  if (exponent !== undefined && text.length < 32 && significant(text) === significant(String(number))) return number;
  const digits = whole + fraction;
  const zeros = Number(exponent ?? 0) - fraction.length;
  if (digits.length + zeros > longest) return text;
  if (zeros >= 0) return BigInt(sign + digits + '0'.repeat(zeros));
  if (!/[^0]/.test(digits.slice(zeros))) return BigInt(sign + digits.slice(0, zeros));
  return Number.isFinite(number) ? number : text;
}

/** The digits without the zeros around them. */
function significant(text: string): string {
  return text.replace(/e.*$|[-.]/gi, '').replace(/^0+|0+$/g, '');
}
