/** A process that shares gates, closes its connection, and has nothing else to do. */
import { no, openClient, Process, scope, type Library } from './support.js';

const [library, socket] = process.argv.slice(2).map((arg) => JSON.parse(arg) as unknown) as [Library, string];
const its = new Process(openClient(library, { path: socket }), { prefix: `${library}:` });
void its.admit().then((pass) => {
  pass.done();
  its.gates.learn(scope, no(60_000));
  its.close();
  process.send?.({ closed: true });
});
