/** Alibaba Cloud in a process: the one place where the emulator's parts are wired. */
import { Subject } from 'rxjs';
import { ClientError, ConfigurationError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import type { Transport } from '../transport/transport.js';
import { checkFault, checkHandler } from './check-fault.js';
import { createCredentialStore } from './credentials.js';
import { ecsHandlers } from './ecs/handlers.js';
import { createExchange, type Counters } from './exchange.js';
import { createLedger, type Execution } from './executions.js';
import { createFaults, type Fault } from './faults.js';
import { createHandlers, type AnyHandler, type Handle } from './handlers.js';
import { createIds } from './ids.js';
import { createTransport } from './in-process.js';
import { location, locationHandlers } from './location.js';
import { createObjectStore } from './objects.js';
import { createOperations, operationKey, type CatalogEntry } from './operations.js';
import { toSettings, type EmulatorOptions } from './options.js';
import { createPerform } from './perform.js';
import { createRateLimiter } from './rate-limit.js';
import { createRepetitions } from './repetitions.js';
import type { Listening } from './server.js';
import { stsHandlers } from './sts.js';
import { createGate } from './verify.js';

export interface Emulator {
  /** Answers in this process, without a socket, by the same checks as over HTTP. */
  readonly transport: Transport;
  /**
   * Answers over HTTP, too. Port 0 is any free one.
   * Rejects with an `SDK.NetworkError` where the port is taken, with an `SDK.InvalidConfiguration` where it is no port.
   */
  listen(port?: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /**
   * Ends all that is under way, on both wires, and every connection. Nothing is left open then: no socket, no timer.
   * What the emulator knows stays, so it can listen again, as a service after an outage.
   */
  close(): Promise<void>;
  /** Answers one operation differently from now on; the function that it returns takes that back. Throws an `SDK.InvalidConfiguration` where that can't work. */
  handle: Handle;
  /** Lets something go wrong from now on; the function that it returns takes that back. Throws an `SDK.InvalidConfiguration` where that can't work. */
  inject(fault: Fault): () => void;
  /** What was uploaded, by URL: the last hundred files. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /**
   * How many calls were executed, by action: let in, and not struck down by a fault before. A call that was answered
   * from an earlier one with the same client token was not.
   */
  readonly requests: ReadonlyMap<string, number>;
  /** The same, one by one, in their order: the last hundred thousand at least. */
  readonly executions: readonly Execution[];
  /** How many calls faults struck, by the kind of fault; `rateLimit` counts those that went over the limit. */
  readonly struck: ReadonlyMap<string, number>;
  /** How many requests are being answered. */
  readonly activeRequests: number;
  /** The most that were at a time. */
  readonly peakActiveRequests: number;
  /** How many connections are open. */
  readonly openConnections: number;
  /** How many connections were made since the emulator listens. */
  readonly acceptedConnections: number;
}

export function buildEmulator(options: EmulatorOptions, catalog: readonly CatalogEntry[]): Emulator {
  const settings = toSettings(options);
  const { clock, latency, regions, bootTime } = settings;
  const ids = createIds(settings.seed);
  const credentials = createCredentialStore(settings.credentials, ids);
  const objects = createObjectStore(ids);
  const closing = new Subject<void>();
  const ledger = createLedger();
  const products = [...catalog, ...settings.services.map(({ service }) => service)].map(({ product }) => product);
  const handlers = createHandlers(
    new Map([
      ...locationHandlers({ regions, products }),
      ...ecsHandlers({ ids, regions, bootTime }),
      ...stsHandlers({ credentials }),
      [operationKey('2019-12-19', 'AuthorizeFileUpload'), objects.authorize],
    ]),
  );
  const faults = createFaults(ids);
  const counters: Counters = { struck: new Map(), active: 0, peak: 0 };
  const exchange = createExchange({
    clock,
    latency,
    regions,
    ids,
    operations: createOperations([...settings.services, location], catalog),
    gate: createGate(credentials, settings.bearerTokens),
    faults,
    perform: createPerform({ handlers, ledger, repetitions: createRepetitions(closing) }),
    rateLimiter: createRateLimiter(settings.rateLimit),
    objects,
    counters,
  });
  let listening: Promise<Listening> | undefined;
  let server: Listening | undefined;

  return {
    transport: createTransport(exchange, closing),
    async listen(port = 0, host = '127.0.0.1') {
      checkPort(port);
      if (listening !== undefined) {
        throw new ClientError('SDK.NetworkError', 'The emulator is listening already: close it first');
      }
      listening = import('./server.js').then((module) => module.listen(exchange, port, host));
      try {
        server = await listening;
      } catch (error) {
        listening = undefined;
        throw error;
      }
      return { url: server.url, port: server.port };
    },
    async close() {
      closing.next();
      const closed = listening;
      listening = undefined;
      // Where listening failed, whoever called `listen` knows, and there is nothing to close.
      await (await closed?.catch(() => undefined))?.close();
    },
    // One cast: that the handler's types are the operation's is what the two signatures of `Handle` say.
    handle: ((operation: string | AnyOperation, handler: AnyHandler) => {
      checkHandler(operation, handler);
      return handlers.set(operation, handler);
    }) as Handle,
    inject(fault) {
      checkFault(fault);
      return faults.inject(fault);
    },
    objects: objects.objects,
    requests: ledger.counts,
    executions: ledger.executions,
    struck: counters.struck,
    get activeRequests() {
      return counters.active;
    },
    get peakActiveRequests() {
      return counters.peak;
    },
    get openConnections() {
      return server?.open() ?? 0;
    },
    get acceptedConnections() {
      return server?.accepted() ?? 0;
    },
  };
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new ConfigurationError({ path: 'port', expected: 'an integer from 0 to 65535', received: String(port) });
}
