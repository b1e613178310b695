/** So many tasks through one pool, a hundredth of them at once, and a sample after each hundredth. */
import { Observable } from 'rxjs';
import { Pool } from '../../lib/async/pool.ts';
import { CallInBench } from '../pool/queues.mjs';
import { takeSample } from './sample.mjs';

const total = Number(process.argv[2]);
const waves = 100;
const size = Math.ceil(total / waves);
const pool = new Pool(10, size);
const samples = [];
let done = 0;

const task = new Observable((subscriber) => {
  queueMicrotask(() => {
    subscriber.next(1);
    subscriber.complete();
  });
});

const started = performance.now();
for (let i = 0; i < waves; i++) {
  await wave();
  samples.push(takeSample(done));
}
process.send({ total: done, seconds: (performance.now() - started) / 1000, samples });

function wave() {
  return new Promise((resolve, reject) => {
    let left = size;
    const observer = {
      next: (value) => {
        done += value;
        if (--left === 0) resolve();
      },
      error: reject,
    };
    for (let i = 0; i < size; i++) pool.run(new CallInBench(i), () => task).subscribe(observer);
  });
}
