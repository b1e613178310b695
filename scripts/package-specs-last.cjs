// Jest's own order, save that the specs of the packed package come last: they are slow, and say least about why something broke.
const { default: Sequencer } = require('@jest/test-sequencer');

module.exports = class PackageSpecsLast extends Sequencer {
  sort(tests) {
    const isOfPackage = ({ path }) => /[\\/]spec[\\/]package[\\/]/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter((test) => !isOfPackage(test)), ...sorted.filter(isOfPackage)];
  }
};
