import { noProxyIn } from '../../lib/platform/node/no-proxy.js';

describe('NO_PROXY', () => {
  it.each<[list: string, matched: [string, number?][], others: [string, number?][]]>([
    ['', [], [['ecs.example'], ['127.0.0.1']]],
    ['*', [['ecs.example'], ['10.0.0.1'], ['::1']], []],
    [
      'ecs.example',
      [['ecs.example'], ['ECS.Example'], ['ecs.example.'], ['a.ecs.example']],
      [['xecs.example'], ['example']],
    ],
    ['Ecs.Example.', [['ecs.example']], [['example']]],
    ['.example', [['ecs.example'], ['a.b.example']], [['example'], ['notexample']]],
    ['*.example', [['ecs.example']], [['example']]],
    ['ecs.example:8080', [['ecs.example', 8080]], [['ecs.example', 443]]],
    ['*.example:443', [['ecs.example', 443]], [['ecs.example', 80]]],
    ['10.0.0.1', [['10.0.0.1']], [['10.0.0.10'], ['10.0.0.1.example']]],
    ['10.0.0.1:80', [['10.0.0.1', 80]], [['10.0.0.1', 443]]],
    ['10.0.0.0/8', [['10.255.0.1']], [['11.0.0.1'], ['10.example']]],
    ['100.100.0.0/16', [['100.100.100.200']], [['100.101.0.1']]],
    ['::1', [['::1']], [['::2']]],
    [
      '*:8080',
      [
        ['ecs.example', 8080],
        ['::1', 8080],
      ],
      [['ecs.example', 443]],
    ],
    ['例え.example', [['xn--r8jz45g.example'], ['a.xn--r8jz45g.example']], [['example']]],
    ['.例え.EXAMPLE:443', [['a.xn--r8jz45g.example', 443]], [['xn--r8jz45g.example', 443]]],
    ['*.bücher.example', [['a.xn--bcher-kva.example']], [['a.bucher.example']]],
    ['BÜCHER.example.', [['xn--bcher-kva.example']], []],
    ['xn--bcher-kva.example', [['xn--bcher-kva.example']], []],
    ['例え。example', [['xn--r8jz45g.example']], []],
    ['[fd00::]/8', [['fd12::1']], [['fe00::1']]],
    [' * ', [['ecs.example']], []],
    ['., *., :80, []', [], [['ecs.example'], ['::1']]],
    ['[::1]:8080', [['::1', 8080]], [['::1', 443]]],
    ['[fd00::1]', [['fd00::1'], ['fd00:0:0::1']], [['fd00::2']]],
    ['fd00::/8', [['fd12::1']], [['fe00::1'], ['10.0.0.1']]],
    [' a.example ,, b.example\tc.example', [['a.example'], ['b.example'], ['c.example']], [['d.example']]],
    ['10.0.0.0/33, 10.0.0.0/x, what/ever, b.example', [['b.example']], [['10.0.0.1'], ['what']]],
  ])('%j', (list, matched, others) => {
    const needsNone = noProxyIn(list, false);
    expect(matched.filter(([host, port = 443]) => !needsNone(host, port))).toEqual([]);
    expect(others.filter(([host, port = 443]) => needsNone(host, port))).toEqual([]);
  });

  it('may have this machine in it', () => {
    const needsNone = noProxyIn('a.example', true);
    const here = ['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', 'a.example'];
    expect(here.filter((host) => !needsNone(host, 80))).toEqual([]);
    expect(['10.0.0.1', 'localhost.example'].filter((host) => needsNone(host, 80))).toEqual([]);
  });
});
