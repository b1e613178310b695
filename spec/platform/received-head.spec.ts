import { ReceivedHead } from '../../lib/platform/node/received-head.js';

const headOf = (...texts: string[]): ReceivedHead =>
  new ReceivedHead(
    200,
    'OK',
    texts.map((text) => Buffer.from(text, 'latin1')),
  );

describe('the head of an answer', () => {
  it('has its headers, names in lower case, those that came more than once joined by commas', () => {
    const head = headOf('Content-Type', 'text/plain', 'X-A', '1', 'x-a', '2', 'X-Umlaut', 'ä', 'Empty', '');
    expect(head.headers).toEqual({ 'content-type': 'text/plain', 'x-a': '1, 2', 'x-umlaut': 'ä', empty: '' });
  });

  it.each(['before all are read', 'after'])('tells of one by its name: %s', (when) => {
    const head = headOf('X-RateLimit-User', '5', 'x-other-limitwit', 'no', 'constructor', 'c');
    if (when === 'after') expect(Object.keys(head.headers)).toHaveLength(3);
    expect(head.header('x-ratelimit-user')).toBe('5');
    expect(head.header('constructor')).toBe('c');
    expect(head.header('x-ratelimit-uses')).toBeUndefined();
    expect(head.header('tostring')).toBeUndefined();
    expect(headOf('a', 'b').header('valueOf')).toBeUndefined();
  });

  it('takes names of JavaScript for names like others', () => {
    const { headers } = headOf('__proto__', 'p', 'toString', 's');
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'p'],
      ['tostring', 's'],
    ]);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });
});
