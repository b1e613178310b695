// Stands for `#features` in the bundle, where no module can be put in place of another.
import * as actual from '../../lib/pipeline/features-node.ts';

let features = actual;

export const loadFeatures = () => features.loadFeatures();
export const loadDirectFeatures = () => features.loadDirectFeatures();
export const loadPaging = () => features.loadPaging();

export function setFeatures(given) {
  features = given;
}

export { actual };
