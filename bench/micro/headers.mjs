/** The headers of a signed request, of what an operation's requests have in common: `npm run bench:micro -- headers`. */
import { compare } from './compare.mjs';

const common = {
  'x-acs-action': 'DescribeRegions',
  'x-acs-version': '2014-05-26',
  'user-agent': 'rx-alicloud',
  accept: 'application/json',
};
const withPlaces = {
  ...common,
  'x-acs-date': '',
  'x-acs-signature-nonce': '',
  'x-acs-content-sha256': '',
  authorization: '',
};

compare({
  'added to a copy'() {
    const headers = {
      ...common,
      'x-acs-date': 'now',
      'x-acs-signature-nonce': 'nonce',
      'x-acs-content-sha256': 'hash',
    };
    headers.authorization = 'signature';
    return headers;
  },
  'filled in in a copy that has places'() {
    const headers = { ...withPlaces };
    headers['x-acs-date'] = 'now';
    headers['x-acs-signature-nonce'] = 'nonce';
    headers['x-acs-content-sha256'] = 'hash';
    headers.authorization = 'signature';
    return headers;
  },
});
