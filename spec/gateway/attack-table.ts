/** The table of attacks in docs/gateway.md. */
import { attacks } from './attacks.js';

const place = /(<!-- attacks -->\n)[^]*?(<!-- end of attacks -->)/;

/** The page with the table as it is to be. */
export function withAttackTable(page: string): string {
  const rows = attacks.map(
    ({ group, name, gain, status, code }) => `| ${group} | ${name} | ${gain} | ${status} \`${code}\` |\n`,
  );
  const table = `| where | what is tried | what would be gained | answer |\n| --- | --- | --- | --- |\n${rows.join('')}`;
  return page.replace(place, (_all, begin: string, end: string) => `${begin}${table}${end}`);
}
