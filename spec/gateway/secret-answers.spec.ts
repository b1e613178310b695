import { readFileSync, writeFileSync } from 'node:fs';
import { allow, secretsInAnswer } from '../../lib/gateway/index.js';
import { catalog } from '../../lib/services/catalog.js';
import { describeRegions } from '../../lib/services/ecs.js';
import { assumeRole } from '../../lib/services/sts.js';
import { siteOf } from './support.js';

/** Read by people: an operation that is missing, or one that should be, is a fault of the rule. */
const golden = 'spec/gateway/secret-answers.txt';

describe('secretsInAnswer', () => {
  it('finds these of all operations of all products', async () => {
    const found: string[] = [];
    for (const { load } of catalog) {
      for (const operation of Object.values((await load()).operations)) {
        const paths = secretsInAnswer(operation);
        const { service, action } = operation;
        if (paths.length > 0) found.push(`${service.product}/${service.version}/${action}: ${paths.join(', ')}\n`);
      }
    }
    const text = [...new Set(found)].sort().join('');
    if (process.env.UPDATE === 'true') writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('warns where one of them is allowed, unless that is meant', () => {
    const { warnings } = siteOf({ allow: [describeRegions, assumeRole] });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^rx-alicloud gateway: Sts AssumeRole is allowed, .*\(Credentials\.AccessKeySecret, Credentials\.SecurityToken\)/,
      ),
    ]);
    expect(siteOf({ allow: [allow(assumeRole, {}, { returnsSecrets: true })] }).warnings).toEqual([]);
  });
});
