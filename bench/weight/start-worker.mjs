/** From cold to the first answer: what it took, and what it left in memory. */
import { startClients } from './start-clients.mjs';

const [name, url] = process.argv.slice(2);
const { rss: rssBefore } = process.memoryUsage();
const cpuBefore = process.cpuUsage();
const started = performance.now();
const answer = await startClients[name](url);
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(cpuBefore);
const { rss } = process.memoryUsage();
const answered = (answer.Regions?.Region ?? answer.regions?.region).length;
process.send({ milliseconds, cpu: (user + system) / 1000, rss: rss - rssBefore, answered });
