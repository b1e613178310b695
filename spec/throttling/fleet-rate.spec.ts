import { virtually } from './limits-support.js';

const limits = [{ by: [], rate: { limit: 50, interval: 1000 } }] as const;

it.each([1, 2, 10, 30])('%d processes use the rate, and their calls are let in by a server that counts in windows', (count) => {
  virtually((fleet) => {
    const processes = Array.from({ length: count }, () => fleet.shared(limits, { roundTrip: () => (Math.random()<.3 ? 150 * Math.random() : 10) }));
    const seconds = 20;
    let n = 0;
    for (const process of processes) {
      const again = (): void => {
        if (fleet.now() >= seconds * 1000) return;
        const made = process.make(String(n++), { takes: 20 });
        made.add(() => again());
      };
      for (let i = 0; i < 10; i++) again();
    }
    fleet.at(seconds * 1000, () => console.log(count, fleet.starts.length / (50 * seconds), fleet.exchanges / fleet.starts.length, fleet.busiest(1000)));
    fleet.flush();
  });
});
