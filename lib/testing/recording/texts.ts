import type { Rule } from '../../schema/options.js';

/** A list of strings, none of them empty: there is nothing to hide in those. */
export const texts: Rule = {
  expected: 'a list of strings that are not empty',
  fits: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== ''),
};
