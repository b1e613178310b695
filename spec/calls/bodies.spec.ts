/** What is told of a request's body, what a transport is told of an answer's, and how an answer in pieces is read. */
import { concat, of, toArray, type Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { HttpResponse, Transport } from '../../lib/transport/transport.js';
import { answer, defaultOptions, operation } from '../pipeline/support.js';
import { answerTo, bytes, piece, playOn, serverSent, upload } from './wire.js';

const events = { observe: 'events' };

describe('the progress of a body', () => {
  const formed = operation({ body: 'A:s' });

  function told(request: object, transport: Transport): unknown[] {
    const client = new AlicloudClient({ ...defaultOptions, transport });
    const call$: Observable<unknown> = client.call(formed as never, request as never, events as never);
    let seen: unknown[] = [];
    call$.pipe(toArray()).subscribe((all) => {
      seen = (all as { kind: string }[]).map(({ kind, ...event }) => (kind === 'response' ? kind : event));
    });
    return seen;
  }

  it('is told once for each number, never beyond the end, and then the response', () => {
    const send: Transport['send'] = ({ onUploaded }) => {
      for (const sent of [0, 3, 3, 99, 99]) onUploaded?.(sent);
      return of(answer('{}'));
    };
    const [total, ofBytes] = ['A=text'.length, 'A=%C3%A9'.length];
    const progress = (of: number): unknown[] => [0, 3, of].map((loaded) => ({ loaded, total: of }));
    expect(told({ A: 'text' }, { send })).toEqual([...progress(total), 'response']);
    expect(told({ A: 'é' }, { send })).toEqual([...progress(ofBytes), 'response']);
  });

  it('comes to its end with the answer, where a transport tells of none', () => {
    expect(told({ A: 'text' }, { send: () => of(answer('{}')) })).toEqual([
      { loaded: 0, total: 6 },
      { loaded: 6, total: 6 },
      'response',
    ]);
  });

  it('is none where there is no body', () => {
    expect(told({}, { send: () => of(answer('{}')) })).toEqual(['response']);
  });

  it('is none of the call itself, where files are uploaded first', () => {
    playOn(answerTo, {}, ({ run, flush }) => {
      const ending = run({ ...upload, body: 'B:s' }, { ImageURL: piece('image'), B: 'text' }, events);
      flush();
      const fields = (ending.values as { kind: string; field?: string }[]).map(({ kind, field }) => field ?? kind);
      expect(fields).toEqual(['ImageURL', 'ImageURL', 'response']);
    });
  });
});

it('a stream of events may be longer than the limit of an answer, and one of bytes may not', () => {
  playOn(answerTo, { maxResponseSize: 7 }, ({ run, wire, flush }) => {
    run(bytes, {}, { observe: 'stream' });
    run(serverSent);
    flush();
    expect(wire.sent.map(({ request }) => request.maxResponseSize)).toEqual([7, undefined]);
  });
});

it('an error that comes in pieces is read whole, wherever it is cut', () => {
  const body = piece('{"Code":"No","Message":"né 中"}');
  for (let at = 1; at < body.length; at++) {
    const pieces$ = concat(of(body.subarray(0, at)), of(body.subarray(at)));
    const refused: HttpResponse & { pieces$: typeof pieces$ } = { status: 400, headers: {}, body: '', pieces$ };
    playOn(
      () => refused,
      { retry: false },
      ({ run, flush }) => {
        const { error } = run(bytes, {}, { observe: 'stream' });
        flush();
        expect(error?.message).toMatch(/^né 中 /);
      },
    );
  }
});
