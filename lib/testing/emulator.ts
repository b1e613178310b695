/** Alibaba Cloud in a process: the one place where the emulator's parts are wired. */
import { Subject } from 'rxjs';
import { ClientError, ConfigurationError } from '../errors.js';
import { checkOption, ofType } from '../schema/options.js';
import type { AnyOperation, ServiceDefinition } from '../service.js';
import type { Transport } from '../transport/transport.js';
import { withAdmin } from './admin.js';
import { createCredentialStore } from './credentials.js';
import { ecsHandlers } from './ecs/handlers.js';
import { createInstances } from './ecs/instances.js';
import { createTags } from './ecs/tags.js';
import { createRequestHandler, type Counters } from './request-handler.js';
import { createLedger, type Execution } from './executions.js';
import { createFaults, type Fault } from './faults.js';
import { createHandlers, type AnyHandler, type Handle } from './handlers.js';
import { createIds } from './ids.js';
import { createTransport } from './in-process.js';
import { location, locationHandlers } from './location.js';
import { createNames } from './names.js';
import { createObjectStore } from './objects.js';
import { createOperations, operationKey, type CatalogEntry } from './operations.js';
import { toSettings, type EmulatorOptions } from './options.js';
import { createPerform } from './perform.js';
import { createRateLimiter } from './rate-limit.js';
import { renewable } from './renewable.js';
import { createRepetitions } from './repetitions.js';
import type { Listening } from './server.js';
import { putBack, takeSnapshot, type EmulatorSnapshot, type Memory } from './snapshot.js';
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
   * Ends all that is in flight, on both wires, and every connection. Nothing is left open then: no socket, no timer.
   * What the emulator knows stays, so it can listen again, as a service after an outage.
   */
  close(): Promise<void>;
  /**
   * Answers one operation differently from now on; the function that it returns takes that back.
   * Throws an `SDK.InvalidConfiguration` where there is no such operation.
   */
  handle: Handle;
  /**
   * Lets something go wrong from now on; the function that it returns takes that back.
   * Throws an `SDK.InvalidConfiguration` where there is no such kind, option or operation.
   */
  inject(fault: Fault): () => void;
  /**
   * Forgets all that happened since it was made: what was created, uploaded and executed, client tokens, limits, and the
   * faults that were injected; those of the option `faults` are armed again. Handlers stay, and calls in flight go on.
   */
  reset(): void;
  /** What it knows, as JSON: instances, tags, temporary credentials, and where ids go on from. */
  snapshot(): EmulatorSnapshot;
  /**
   * Knows again what it knew then, and else nothing, as after `reset`; faults and uploads are not touched.
   * Throws an `SDK.InvalidConfiguration` where it is no snapshot.
   */
  restore(snapshot: EmulatorSnapshot): void;
  /** What was uploaded, by URL: the last hundred files. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /**
   * How many calls were executed, by action: let in, and not injectedFaults down by a fault before. A call that was answered
   * from an earlier one with the same client token was not.
   */
  readonly requests: ReadonlyMap<string, number>;
  /** The same, one by one, in their order: the last hundred thousand at least. */
  readonly executions: readonly Execution[];
  /** How many calls faults injectedFaults, by the kind of fault; `rateLimit` counts those that went over the limit. */
  readonly injectedFaults: ReadonlyMap<string, number>;
  /** How many requests are being answered. */
  readonly activeRequests: number;
  /** The most that were at a time. */
  readonly peakActiveRequests: number;
  /** How many connections are open. */
  readonly openConnections: number;
  /** How many connections were made since the emulator listens. */
  readonly acceptedConnections: number;
}

/** What an emulator knows beside its catalog. */
export interface KnownProducts {
  /**
   * Products that are there from the start; those of the catalog are loaded with the first call to one of their
   * operations, which takes a moment that no virtual time knows.
   */
  readonly atHand: readonly ServiceDefinition<object>[];
  /** The actions of the catalog's products. */
  readonly actions: readonly string[];
}

export function buildEmulator(
  options: EmulatorOptions,
  catalog: readonly CatalogEntry[],
  { atHand, actions }: KnownProducts = { atHand: [], actions: [] },
): Emulator {
  const settings = toSettings(options);
  const { clock, latency, regions, bootTime } = settings;
  const services = [...settings.services, ...atHand, location];
  const ids = createIds(settings.seed);
  const credentials = createCredentialStore(settings.credentials, ids);
  const objects = createObjectStore(ids);
  const closing = new Subject<void>();
  const ledger = createLedger();
  const instances = createInstances(() => `i-${ids.token(20)}`, bootTime);
  const tags = createTags();
  const products = [...catalog, ...settings.services.map(({ service }) => service)].map(({ product }) => product);
  const handlers = createHandlers(
    new Map([
      ...locationHandlers({ regions, products }),
      ...ecsHandlers({ instances, tags, regions }),
      ...stsHandlers({ credentials }),
      [operationKey('2019-12-19', 'AuthorizeFileUpload'), objects.authorize],
    ]),
  );
  const names = createNames(services, catalog, actions);
  const faults = renewable(() => {
    const armed = createFaults(ids, names.checkAction);
    for (const fault of settings.faults) armed.inject(fault);
    return armed;
  });
  const repetitions = renewable(() => createRepetitions(closing));
  const rateLimiter = renewable(() => createRateLimiter(settings.rateLimit));
  const counters: Counters = { injectedFaults: new Map(), active: 0, peak: 0 };
  const handle = createRequestHandler({
    clock,
    latency,
    regions,
    ids,
    operations: createOperations(services, catalog, settings.listSize),
    gate: createGate(credentials, settings.bearerTokens),
    faults: { strike: (action) => faults.current.strike(action) },
    perform: createPerform({
      handlers,
      ledger,
      repetitions: { answer: (...call) => repetitions.current.answer(...call) },
    }),
    rateLimiter: { admit: (...call) => rateLimiter.current.admit(...call) },
    maxRequestSize: settings.maxRequestSize,
    objects,
    counters,
  });
  const memory: Memory = { ids, instances, tags, credentials };
  const initial = takeSnapshot(memory);
  let listening: Promise<Listening> | undefined;
  let server: Listening | undefined;

  const emulator: Emulator = {
    transport: createTransport(handle, closing),
    async listen(port = 0, host = '127.0.0.1') {
      checkPort(port);
      if (listening !== undefined) {
        throw new ClientError('SDK.NetworkError', 'The emulator is listening already: close it first');
      }
      listening = import('./server.js').then((module) =>
        module.listen(withAdmin(handle, emulator), port, host, settings.maxRequestSize),
      );
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
      names.checkOperation(operation);
      checkOption('handler', handler, ofType('function'));
      return handlers.set(operation, handler);
    }) as Handle,
    inject: (fault) => faults.current.inject(fault),
    reset() {
      emulator.restore(initial);
      faults.renew();
      objects.clear();
    },
    snapshot: () => takeSnapshot(memory),
    restore(snapshot) {
      putBack(snapshot, memory);
      repetitions.renew();
      rateLimiter.renew();
      ledger.clear();
      counters.injectedFaults.clear();
      counters.peak = counters.active;
    },
    objects: objects.objects,
    requests: ledger.counts,
    executions: ledger.executions,
    injectedFaults: counters.injectedFaults,
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
  return emulator;
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new ConfigurationError({ path: 'port', expected: 'an integer from 0 to 65535', received: String(port) });
}
