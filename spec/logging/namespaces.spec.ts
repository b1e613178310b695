import { isEnabled } from '../../lib/logging/namespaces.js';

it.each([
  ['', false],
  ['rx-alicloud:request', true],
  ['rx-alicloud:response', false],
  ['rx-alicloud:*', true],
  ['rx-alicloud*', true],
  ['rx-alicloud', false],
  ['*', true],
  ['*:request', true],
  ['rx-*:req*', true],
  ['express:*', false],
  ['express:*,rx-alicloud:*', true],
  ['express:*  rx-alicloud:request', true],
  [' rx-alicloud:request ,', true],
  ['rx-alicloud:*,-rx-alicloud:request', false],
  ['-rx-alicloud:request,rx-alicloud:*', false],
  ['rx-alicloud:*,-rx-alicloud:resp*', true],
  ['*,-rx-alicloud:*', false],
  ['-rx-alicloud:response', false],
  // Nothing but the star means anything.
  ['rx.alicloud:request', false],
  ['rx-alicloud:request(', false],
  ['(rx-alicloud:request|x)', false],
  ['rx-alicloud:request?', false],
])('DEBUG=%j', (variable, expected) => {
  expect(isEnabled(variable, 'rx-alicloud:request')).toBe(expected);
});
