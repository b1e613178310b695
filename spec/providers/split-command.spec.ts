import { spawnSync } from 'node:child_process';
import { splitProcessCommand } from '@alicloud/credentials/dist/src/utils/command.js';
import fc from 'fast-check';
import { splitCommand } from '../../lib/providers/split-command.js';

describe('a command line', () => {
  it.each<[command: string, words: string[]]>([
    ['tool', ['tool']],
    ['  tool  --flag\tvalue ', ['tool', '--flag', 'value']],
    [`"a tool" 'an argument' "" ''`, ['a tool', 'an argument', '', '']],
    [`a"b c"d'e f'`, ['ab cde f']],
    [String.raw`a\ b \"c\' "d\"e\\f\n" 'g\h'`, ['a b', `"c'`, String.raw`d"e\f\n`, String.raw`g\h`]],
    ['tool $HOME `x` ; | & *', ['tool', '$HOME', '`x`', ';', '|', '&', '*']],
    ['', []],
    ['  ', []],
    ['"never closed', []],
    ["tool 'never closed", []],
    ['tool "a" "never', []],
    ['ends in a \\', []],
    ['a\\\nb', ['ab']],
    ['tool \\\n  --flag "one \\\ntwo" \'three \\\nfour\'', ['tool', '--flag', 'one two', 'three \\\nfour']],
    ['"" tool', []],
  ])('%j', (command, words) => {
    expect(splitCommand(command, false)).toEqual(words);
  });

  it.each<[command: string, words: string[]]>([
    [String.raw`C:\tools\get.exe --all`, [String.raw`C:\tools\get.exe`, '--all']],
    [String.raw`"C:\Program Files\get.exe" "a \"b\""`, [String.raw`C:\Program Files\get.exe`, 'a "b"']],
    ['"never closed', []],
  ])('on Windows: %j', (command, words) => {
    expect(splitCommand(command, true)).toEqual(words);
  });

  // Every backslash has something to take the meaning from, and no line break stands outside of quotes without one.
  const posix = fc.array(
    fc.constantFrom(...['a', ' ', '\t', '"', "'", '\\\\', '\\"', "\\'", '\\ ', '\\a', '\\$', '\\`', '\\\n', 'b c']),
    { maxLength: 12 },
  );

  it('is what a shell makes of it', () => {
    const ofShell = (command: string): string[] => {
      const { status, stdout } = spawnSync('sh', ['-c', `for word in ${command}\ndo printf '%s\\0' "$word"; done`]);
      return status === 0 ? stdout.toString().split('\0').slice(0, -1) : [];
    };
    fc.assert(
      fc.property(posix, (pieces) => {
        const words = ofShell(pieces.join(''));
        expect(splitCommand(pieces.join(''), false)).toEqual(words[0] === '' ? [] : words);
      }),
      { numRuns: 50 },
    );
  });

  it.each([false, true])('is what the official package makes of it, on Windows: %s', (isWindows) => {
    const ofOfficial = (command: string): string[] => {
      try {
        return splitProcessCommand(command, isWindows);
      } catch {
        return [];
      }
    };
    const pieces = fc.array(fc.constantFrom('a', ' ', '\n', '"', "'", '\\', '$', 'C:\\b', '`', 'é', '\u00a0'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(pieces, (pieces) => {
        // It takes away the last space, even one that a backslash stands before.
        const command = `${pieces.join('')}.`;
        expect(splitCommand(command, isWindows)).toEqual(ofOfficial(command));
      }),
      { numRuns: 1000 },
    );
  });
});
