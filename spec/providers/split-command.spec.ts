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
});
