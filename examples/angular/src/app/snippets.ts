/**
 * What stands beside each demo: lines of the files that are named, which a spec compares. Lines that begin with `//` are for the
 * reader alone.
 */
export const snippets = {
  list: {
    file: 'src/app/instances/instances.ts',
    code: `list = alicloudResource(describeInstances, () => ({
  RegionId: this.region(),
  PageSize: 50,
  ...(this.filter() === '' ? {} : { InstanceName: \`*\${this.filter()}*\` }),
}));`,
  },
  attempts: {
    file: 'server/gateway.mjs',
    code: `const gateway = createGateway({
  client,
  regions,
  origins: [origin],
  authorize: ({ headers }) => site.sessionOf(headers.get('cookie')),
  // …`,
  },
  provide: {
    file: 'src/app/app.config.ts',
    code: `provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gatewayPath), withAsync(pool)),`,
  },
  launch: {
    file: 'src/app/launch/launch.ts',
    code: `// Launch
.runInstances({ RegionId: 'cn-shanghai', InstanceName: 'launched', InstanceType: 'ecs.g7.large' })
// Cancel: a call that waits leaves the queue, one that runs is aborted
launched.subscription.unsubscribe();
// The picture
this.#ecs.events$`,
  },
  pool: {
    file: 'src/app/launch/pool.ts',
    code: `// The sliders
this.#client.resize(poolSize, queueSize);
// Shut down and Abort
.shutdown({ mode })
// Enable the async mode
this.#client.enableAsync(this.poolSize(), this.queueSize());`,
  },
  upload: {
    file: 'src/app/upload/upload.ts',
    code: `// Send
this.#client.call(recognizeGeneral, { body: bytes }, { observe: 'events' })
if (event.kind === 'uploadProgress') {
  this.loaded.set(event.loaded);
  this.total.set(event.total);
// Cancel
this.#sending?.unsubscribe();`,
  },
  events: {
    file: 'src/app/events/events.ts',
    code: `this.#streaming = this.#client
  .call(startChatWithSSE, { Query: this.question() })
  // …
  .subscribe({
    next: (word) => this.words.update((words) => [...words, word]),
// Stop
this.#streaming?.unsubscribe();`,
  },
  numbers: {
    file: 'src/app/numbers/numbers.ts',
    code: `order = alicloudResource(describeOrder, () => ({ OrderId: this.id() }));
// A number where that is exact, else a bigint
typeof this.order.value()?.OrderId`,
  },
  allowList: {
    file: 'server/gateway.mjs',
    code: `allow: [
  describeRegions,
  describeInstances,
  startInstance,
  stopInstance,
  allow(runInstances, { InstanceType: ['ecs.g7.large'], InstanceName: ['launched'] }),
  // …
],
rates: { requests: 3000, concurrency: 64 },`,
  },
} as const;

export type SnippetName = keyof typeof snippets;
