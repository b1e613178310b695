/** What a process holds, after a collection. */
export function takeSample(done) {
  globalThis.gc();
  const { heapUsed, rss } = process.memoryUsage();
  return { done, heap: heapUsed, rss };
}
