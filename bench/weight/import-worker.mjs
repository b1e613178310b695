/** Imports what its arguments name, and says how long it took and what it left in memory. */
const modules = process.argv.slice(2);
const before = process.memoryUsage();
const started = performance.now();
for (const name of modules) await import(name);
const milliseconds = performance.now() - started;
const { rss } = process.memoryUsage();
globalThis.gc();
process.send({ milliseconds, rss: rss - before.rss, heap: process.memoryUsage().heapUsed - before.heapUsed });
