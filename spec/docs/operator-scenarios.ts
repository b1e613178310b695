/** What makes happen what the diagrams of docs/operators show. Times that a box gives come from there. */
import { catchError, defer, from, map, mergeMap, take, tap, throwError, type Observable } from 'rxjs';
import { AsyncMode } from '../../lib/async/async-mode.js';
import type { FullResponse } from '../../lib/http-event.js';
import { catchCode } from '../../lib/operators/catch-code.js';
import { pollUntil } from '../../lib/operators/poll-until.js';
import { retryOverflow } from '../../lib/operators/retry-overflow.js';
import { settled } from '../../lib/operators/settled.js';
import { settledOutcome } from '../../lib/operators/settled-outcome.js';
import { shareReads } from '../../lib/operators/share-reads.js';
import { waitFor } from '../../lib/operators/wait-for.js';
import { watch } from '../../lib/operators/watch.js';
import { instanceRunning } from '../../lib/waiters/ecs.js';
import { through } from '../async/through.js';
import { read } from '../calls/support.js';
import { refusal } from '../operators/support.js';
import { numberIn } from './diagram.js';
import type { Responses, Scenario, Stage } from './stage.js';

export const operatorScenarios: Readonly<Record<string, Scenario>> = {
  'poll-until': (stage) => {
    const call = inTurn(stage, { 'call 1': '---a', 'call 2': '---b', 'call 3': '---c' });
    const isC = (answer: string) => answer === 'c';
    stage.watch('output', pollUntil(ended(call), isC, { interval: numberIn(stage.diagram, 'interval') }));
  },

  'wait-for': (stage) => {
    const shown: Readonly<Record<string, string>> = { a: 'P P', b: 'R P', c: 'R R' };
    const rounds = inTurn(
      stage,
      { 'round 1': '---a', 'round 2': '---b', 'round 3': '---c' },
      (name) => shown[name] ?? '',
    );
    const statuses: Readonly<Record<string, string>> = { P: 'Pending', R: 'Running' };
    const instances = (name: string) =>
      (shown[name] ?? '').split(' ').map((state, i) => ({ InstanceId: `i-${i + 1}`, Status: statuses[state] ?? '' }));
    const answers = ended(rounds).pipe(map((name) => ({ Instances: { Instance: instances(name) } })));
    const options = { interval: numberIn(stage.diagram, 'interval') };
    const result = waitFor({ call: (() => answers) as never }, instanceRunning, ['i-1', 'i-2'], options);
    stage.watch('output', result.pipe(map((items) => items.map(({ Status = '' }) => Status[0]).join(' '))));
  },

  settled: (stage) => {
    const responses = { call: '---a', wait: '------|' };
    const wait = told(stage, 'wait', responses).pipe(tap({ complete: () => stage.saw('wait', 'complete') }));
    // The wait begins when the call has given its response.
    const call = ended(told(stage, 'call', responses));
    stage.watch(
      'output',
      settled(call, () => wait),
    );
  },

  'share-reads': (stage) => {
    const handler = shareReads({ keepFor: numberIn(stage.diagram, 'keepFor') })(() =>
      ended(told(stage, 'request', { request: '------x' })).pipe(map(response)),
    );
    const call = { operation: read, request: {}, options: undefined };
    stage.each('reads', (name) => {
      stage.saw('reads', name);
      stage.watch(name, handler(call).pipe(map((event) => (event as FullResponse<string>).body)));
    });
  },

  watch: (stage) => {
    const call = inTurn(stage, { 'call 1': '--a', 'call 2': '--------b', 'call 3': '--c' });
    const stop = stage.watch('output', watch(ended(call), { period: numberIn(stage.diagram, 'period') }));
    stage.at(stage.row('output').marbles.length, stop);
  },

  'catch-code': (stage) => {
    const throttled = stage.request('source', { source: '---#' });
    const source = throttled.pipe(
      catchError(() => throwError(() => refusal('Throttling.User'))),
      tap({ error: () => stage.saw('source', 'error') }),
    );
    stage.watch('output', source.pipe(catchCode('Throttling', () => whole(stage, 'b', { b: '---(b|)' }))));
  },

  'settled-outcome': (stage) => {
    const responses = { 'call 1': '------(a|)', 'call 2': '---#' };
    const calls = Object.keys(responses).map((name) => whole(stage, name, responses).pipe(settledOutcome()));
    stage.watch(
      'output',
      from(calls).pipe(
        mergeMap((call) => call),
        map(({ ok }) => (ok ? 'ok' : 'not ok')),
      ),
    );
  },

  'retry-overflow': (stage) => {
    const mode = new AsyncMode();
    mode.enable(numberIn(stage.diagram, 'poolSize'), numberIn(stage.diagram, 'maxTaskQueueSize'));
    const patiently = retryOverflow();
    const responses = { a: '-----(a|)', b: '---(b|)', c: '----(c|)' };
    stage.each('calls', (name) => {
      stage.saw('calls', name);
      stage.watch(name, through(mode, stage.request(name, responses)).pipe(patiently));
    });
  },
};

/** A request whose row tells of its answer. */
function told(stage: Stage, name: string, responses: Responses, shown = (value: string) => value): Observable<string> {
  return stage.request(name, responses).pipe(tap((value) => stage.saw(name, shown(value))));
}

/** And of its end. */
function whole(stage: Stage, name: string, responses: Responses): Observable<string> {
  return told(stage, name, responses).pipe(
    tap({ complete: () => stage.saw(name, 'complete'), error: () => stage.saw(name, 'error') }),
  );
}

/** Each subscription is the next of the requests. */
function inTurn(stage: Stage, responses: Responses, shown?: (value: string) => string): Observable<string> {
  const names = Object.keys(responses);
  return defer(() => told(stage, names.shift() ?? '', responses, shown));
}

/** Calls end with their answer. */
function ended(call: Observable<string>): Observable<string> {
  return call.pipe(take(1));
}

function response(body: string): FullResponse<string> {
  return { kind: 'response', body, status: 200, headers: {}, attempts: [] };
}
