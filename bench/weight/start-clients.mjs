/** Each loads its module, makes a client and gives its first answer. Nothing is loaded before that Node has not loaded itself. */
import { createRequire } from 'node:module';

const key = { accessKeyId: 'LTAI-of-the-bench', accessKeySecret: 'a-secret-of-the-bench' };
const regionId = 'cn-hangzhou';

export const startClients = {
  async imported(url) {
    const { EcsClient } = await import('rx-alicloud/ecs');
    const { accessKey } = await import('rx-alicloud');
    return firstAnswer(EcsClient, accessKey, url);
  },

  required(url) {
    const require = createRequire(import.meta.url);
    const { EcsClient } = require('rx-alicloud/ecs');
    const { accessKey } = require('rx-alicloud');
    return firstAnswer(EcsClient, accessKey, url);
  },

  async node(url) {
    const { request } = await import('node:https');
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers: { 'content-length': '0' } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => (text += piece));
        response.on('end', () => resolve(JSON.parse(text)));
      });
      sent.on('error', reject);
      sent.end();
    });
  },

  async official(url) {
    const ecs = (await import('@alicloud/ecs20140526')).default;
    const client = new ecs.default({ ...key, regionId, endpoint: new URL(url).host, protocol: 'HTTPS' });
    return (await client.describeRegions(new ecs.DescribeRegionsRequest({}))).body;
  },
};

function firstAnswer(EcsClient, accessKey, url) {
  const credentials = accessKey(key.accessKeyId, key.accessKeySecret);
  const client = new EcsClient({ endpoint: url, regionId, credentials });
  return new Promise((resolve, reject) => client.describeRegions({}).subscribe({ next: resolve, error: reject }));
}
