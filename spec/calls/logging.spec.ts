import { lineLogger, type Logger } from '../../lib/logging/logger.js';
import { ok, play, read, refusal } from './support.js';

it('a logger of lines is told of each attempt, in its template', () => {
  const lines: string[] = [];
  const logger = lineLogger({
    template: '{method} {host} {action} {attempt} {code} {cost}',
    log: (line) => lines.push(line),
  });
  play(
    [
      [5, refusal(503, 'ServiceUnavailable')],
      [7, ok()],
    ],
    { logger },
    ({ client, run, flush }) => {
      run(client.call(read, {}));
      flush();
      expect(lines).toEqual([
        'POST ecs.cn-hangzhou.aliyuncs.com DescribeZones 1 503 5ms',
        'POST ecs.cn-hangzhou.aliyuncs.com DescribeZones 2 200 7ms',
      ]);
    },
  );
});

it('a logger is told what the events tell', () => {
  const types: string[] = [];
  play([[5, ok()]], { logger: ({ type }) => types.push(type) }, ({ client, run, flush }) => {
    run(client.call(read, {}));
    flush();
    expect(types).toEqual(['started', 'attempt', 'response', 'finished']);
  });
});

it('what is no function is no logger', () => {
  // As the lines were once described, without `lineLogger` around them.
  const logger = { template: '{ts}' } as unknown as Logger;
  expect(() => play([], { logger }, () => undefined)).toThrow(
    'Expected `logger` to be a function, such as lineLogger()',
  );
});

it('DEBUG shows requests and answers, without secrets', () => {
  const shown: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  process.env.DEBUG = 'rx-alicloud:*';
  try {
    play([ok()], {}, ({ client, run, flush }) => {
      run(client.call(read, { Marker: 'm' }));
      flush();
    });
  } finally {
    delete process.env.DEBUG;
    write.mockRestore();
  }
  const text = shown.join('');
  expect(text).toMatch(
    /rx-alicloud:request #1 Ecs DescribeZones, attempt 1\n> POST https:\/\/ecs\.cn-hangzhou\.aliyuncs\.com\/\?Marker=m\n/,
  );
  expect(text).toMatch(/rx-alicloud:response #1 Ecs DescribeZones, attempt 1: 200 after 0 ms\n< 200\n/);
  expect(text).not.toContain('the-secret');
});
