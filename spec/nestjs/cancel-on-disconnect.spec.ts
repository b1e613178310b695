import { EventEmitter } from 'node:events';
import { request } from 'node:http';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { of, Subject, throwError, type Observable } from 'rxjs';
import { AlicloudModule, CancelOnDisconnect } from '../../lib/nestjs/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { controllerOf, moduleOf } from './support.js';

class Response extends EventEmitter {
  destroyed = false;
}

function contextOf(response: unknown, type = 'http'): ExecutionContext {
  return { getType: () => type, switchToHttp: () => ({ getResponse: () => response }) } as unknown as ExecutionContext;
}

describe('CancelOnDisconnect', () => {
  const intercept = (response: unknown, handled$: Observable<unknown>, type?: string): unknown[] => {
    const seen: unknown[] = [];
    const next: CallHandler = { handle: () => handled$ };
    new CancelOnDisconnect().intercept(contextOf(response, type), next).subscribe({
      next: (value) => seen.push(value),
      error: (error: Error) => seen.push(error.message),
      complete: () => seen.push('|'),
    });
    return seen;
  };

  it.each([
    ['on Express', (response: Response): unknown => response],
    ['on Fastify', (response: Response): unknown => ({ raw: response })],
  ])('unsubscribes when the connection closes, %s', (_framework, replyOf) => {
    const response = new Response();
    const handled$ = new Subject<number>();
    const seen = intercept(replyOf(response), handled$);
    handled$.next(1);
    response.emit('close');
    expect(handled$.observed).toBe(false);
    expect(seen).toEqual([1, undefined, '|']);
    expect(response.listenerCount('close')).toBe(0);
  });

  it('does not subscribe where it is closed already', () => {
    const handled$ = new Subject<number>();
    expect(intercept(Object.assign(new Response(), { destroyed: true }), handled$)).toEqual([undefined, '|']);
    expect(handled$.observed).toBe(false);
  });

  it.each([
    ['a value', of(1), [1, '|']],
    ['an error', throwError(() => new Error('no')), ['no']],
  ])('passes %s on, and listens no longer', (_what, handled$, expected) => {
    const response = new Response();
    expect(intercept(response, handled$)).toEqual(expected);
    expect(response.listenerCount('close')).toBe(0);
  });

  it('leaves alone what is not HTTP', () => {
    const handled$ = new Subject<number>();
    intercept(undefined, handled$, 'rpc');
    expect(handled$.observed).toBe(true);
  });

  it('aborts the call to the cloud when the browser goes, in an application', async () => {
    const emulator = createEmulator({ latency: 60_000 });
    const { url } = await emulator.listen();
    const { accessKeyId, accessKeySecret } = emulatorCredentials;
    const credentials = accessKey(accessKeyId, accessKeySecret);
    const errors: unknown[] = [];
    const note = (...messages: unknown[]): void => void errors.push(messages);
    const logger = { log: () => undefined, warn: note, error: note, fatal: note };
    const app = await NestFactory.create(
      moduleOf(
        [
          AlicloudModule.forRoot({ endpoint: url, regionId: 'cn-hangzhou', credentials, timeout: 0, readTimeout: 0 }),
          AlicloudModule.forFeature([EcsClient]),
        ],
        [controllerOf(EcsClient, (ecs) => ecs.describeRegions({}), CancelOnDisconnect)],
      ),
      { logger },
    );
    await app.listen(0, '127.0.0.1');
    const page = request(await app.getUrl());
    page.on('error', () => undefined).end();
    await until(() => emulator.activeRequests === 1);
    page.destroy();
    await until(() => emulator.activeRequests === 0);
    await app.close();
    await emulator.close();
    expect(emulator.peakActiveRequests).toBe(1);
    expect(errors).toEqual([]);
  });
});

/** Turn by turn of the event loop: what it waits for happens over sockets. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
