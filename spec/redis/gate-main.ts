/** A process with a clock of its own that shares gates: it does what it is told, and says what became of that. */
import type { Pass, Scope } from '../../lib/throttling/gates.js';
import { no, ok, openClient, Process, scope } from './support.js';

const [socket, hours] = process.argv.slice(2).map((arg) => JSON.parse(arg) as unknown) as [string, number];
const { now } = Date;
Date.now = () => now() + hours * 3_600_000;
const its = new Process(openClient('ioredis', { path: socket }), { leaseTime: 300 });
let held: Pass | undefined;

const deeds: Readonly<Record<string, (of: Scope, wait: number) => unknown>> = {
  async open(of) {
    (await its.admit(of)).done();
  },
  close: (of, wait) => its.gates.learn(of, no(wait)),
  estimate: (of) => (its.gates.isOpen(of) ? -1 : its.gates.estimate(of)),
  async admit(of) {
    held = await its.admit(of);
  },
  succeed: (of) => its.gates.learn(of, ok, held),
};

process.on('message', ({ deed, action, wait }: { deed: string; action: string; wait: number }) => {
  void Promise.resolve(deeds[deed]?.({ ...scope, action }, wait)).then((result) => {
    process.send?.({ [`${deed} ${action}`]: result ?? true });
  });
});
