import { readFileSync } from 'node:fs';

const { homepage } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly homepage: string };

/** Where the repository stands, without a slash at its end. */
export const repository = homepage.replace(/#.*$/, '');
