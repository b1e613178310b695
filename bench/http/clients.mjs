/**
 * The clients side by side. `connect({ url, size, concurrency })` makes a fresh one and returns `call(done)`, which is one
 * call: `done(error, answer)` once it has ended. All give the same, the parsed answer, without an SDK too: bytes are nothing
 * that a caller could use, and parsing the small answer adds about two thirds to what a bare call costs. Each module is
 * loaded only in the process that measures it.
 */
const version = '2014-05-26';
const key = { accessKeyId: 'LTAI-of-the-bench', accessKeySecret: 'a-secret-of-the-bench' };
const regionId = 'cn-hangzhou';
const action = { small: 'DescribeRegions', large: 'DescribeInstances' };

/** In milliseconds: longer than the turns of all the others, as undici would close what is idle for four seconds. */
const keepAliveTimeout = 120_000;

export const clients = {
  ours: {
    title: 'rx-alicloud, through the pool',
    /** As many again wait in the pool as run in it, so that each call has waited for its place. */
    lanes: (concurrency) => 2 * concurrency,
    async connect({ url, size, concurrency }) {
      const { accessKey } = await import('rx-alicloud');
      const { EcsClient } = await import('rx-alicloud/ecs');
      const client = new EcsClient({
        endpoint: url,
        regionId,
        credentials: accessKey(key.accessKeyId, key.accessKeySecret),
        enableAsync: true,
        poolSize: concurrency,
        maxTaskQueueSize: 2 * concurrency,
      });
      const method =
        size === 'small' ? () => client.describeRegions({}) : () => client.describeInstances({ PageSize: 100 });
      return (done) => {
        let answer;
        method().subscribe({
          next: (value) => (answer = value),
          error: done,
          complete() {
            const last = answer;
            // As whoever is told of an answer does: what waited for it must not hold on to it.
            answer = undefined;
            done(undefined, last);
          },
        });
      };
    },
  },

  floor: {
    title: 'the floor: undici, a signature, JSON.parse',
    async connect({ url, size, concurrency }) {
      const { floorClient } = await import('./floor.ts');
      const query = size === 'small' ? '' : `PageSize=100&RegionId=${regionId}`;
      return floorClient(
        url,
        { ...key, action: action[size], version, query },
        { connections: concurrency, keepAliveTimeout },
      );
    },
  },

  http: {
    title: 'bare http.request',
    async connect({ url, size, concurrency }) {
      const { Agent, request } = await import(url.startsWith('https') ? 'node:https' : 'node:http');
      const { hostname, port } = new URL(url);
      const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
      const options = { hostname, port, agent, method: 'POST', path: pathOf(size), headers: { 'content-length': '0' } };
      return (done) => {
        request(options, (response) => {
          const pieces = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () => done(undefined, JSON.parse(textOf(pieces))));
          response.on('error', done);
        })
          .on('error', done)
          .end();
      };
    },
  },

  undici: {
    title: 'bare undici',
    async connect({ url, size, concurrency }) {
      const { Pool } = await import('undici');
      const pool = new Pool(url, { connections: concurrency, keepAliveTimeout });
      const options = { method: 'POST', path: pathOf(size) };
      return (done) => {
        pool
          .request(options)
          .then(({ body }) => body.json())
          .then((answer) => done(undefined, answer), done);
      };
    },
  },

  axios: {
    title: 'axios as it comes',
    async connect({ url, size }) {
      const { default: axios } = await import('axios');
      const address = url + pathOf(size);
      return (done) => {
        axios.post(address).then(({ data }) => done(undefined, data), done);
      };
    },
  },

  popCore: {
    title: '@alicloud/pop-core',
    async connect({ url, size }) {
      const { RPCClient } = (await import('@alicloud/pop-core')).default;
      const client = new RPCClient({ ...key, endpoint: url, apiVersion: version });
      const parameters = size === 'small' ? {} : { RegionId: regionId, PageSize: 100 };
      return (done) => {
        client.request(action[size], parameters).then((answer) => done(undefined, answer), done);
      };
    },
  },

  official: {
    title: '@alicloud/ecs20140526',
    async connect({ url, size }) {
      const ecs = (await import('@alicloud/ecs20140526')).default;
      const { protocol, host } = new URL(url);
      const client = new ecs.default({
        ...key,
        regionId,
        endpoint: host,
        protocol: protocol.slice(0, -1).toUpperCase(),
      });
      const method =
        size === 'small'
          ? () => client.describeRegions(new ecs.DescribeRegionsRequest({}))
          : () => client.describeInstances(new ecs.DescribeInstancesRequest({ regionId, pageSize: 100 }));
      return (done) => {
        method().then(({ body }) => done(undefined, body), done);
      };
    },
  },
};

function pathOf(size) {
  return `/?Action=${action[size]}&Version=${version}&RegionId=${regionId}`;
}

function textOf(pieces) {
  return (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)).toString();
}
