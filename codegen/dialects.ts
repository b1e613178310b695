/** The layouts of the official packages say the same in different words. Examples are written in those of the newest. */

/** The example in the words of each layout: a file per model, one file for all, and the older library in one file. */
export function spellings(example: string): readonly string[] {
  const inOneFile = example.replaceAll('$_model.', '');
  return [...new Set([example, inOneFile, older(inOneFile)])];
}

const words: readonly (readonly [RegExp, string])[] = [
  [/(\w+)\.validate\(\)/g, 'Util.validateModel($1)'],
  [/(\w+)\.toMap\(\)/g, 'Util.toMap($1)'],
  [/\$dara\.isNull\(/g, 'Util.isUnset('],
  [/\$dara\.cast</g, '$$tea.cast<'],
  [/\$dara\.RuntimeOptions/g, '$$Util.RuntimeOptions'],
  [/\$dara\.URL\.percentEncode\(/g, 'OpenApiUtil.getEncodeParam('],
  [/OpenApiUtil\.(toArray|stringifyMapValue)\(/g, 'Util.$1('],
  [/\bString\(/g, 'Util.toJSONString('],
  [/\$OpenApiUtil\./g, '$$OpenApi.'],
];

function older(example: string): string {
  return words.reduce((text, [newer, word]) => text.replace(newer, word), example);
}
