/** The location service: it knows the hosts of products in regions that no map has. */
import { asyncScheduler, defer, finalize, map, Observable, of, Subject, tap, type Subscription } from 'rxjs';
import { ClientError } from '../errors.js';
import type { Operation } from '../service.js';
import { parseEndpoint } from './host-names.js';

export interface DescribeEndpointsRequest {
  /** The region's id. */
  Id: string;
  /** The product as the location service calls it, such as `ecs`. */
  ServiceCode: string;
  /** `openAPI`: hosts of the public network; `innerAPI`: those within the cloud. */
  Type?: string;
}

export interface DescribeEndpointsResponse {
  Endpoints?: { Endpoint?: LocatedEndpoint[] };
  RequestId?: string;
  Success?: boolean;
}

export interface LocatedEndpoint {
  /** A host. */
  Endpoint?: string;
  Id?: string;
  Namespace?: string;
  Protocols?: { Protocols?: string[] };
  /** Spelt like this on the wire. */
  SerivceCode?: string;
  Type?: string;
}

/** Signed as the Go SDK signs it. */
export const describeEndpoints: Operation<DescribeEndpointsRequest, DescribeEndpointsResponse> = {
  service: {
    product: 'Location',
    version: '2015-06-12',
    endpoints: { prefix: 'location-readonly', rule: 'central', regions: {} },
  },
  action: 'DescribeEndpoints',
  method: 'GET',
  query: 'Id:s!,ServiceCode:s!,Type:s',
  response:
    '{Endpoints:{Endpoint:[{Endpoint:s,Id:s,Namespace:s,Protocols:{Protocols:[s]},SerivceCode:s,Type:s}]},RequestId:s,Success:b}',
  protocol: 'V1',
};

/** Makes the call. */
export type AskLocation = (request: DescribeEndpointsRequest) => Observable<DescribeEndpointsResponse>;

/** How long a host is kept, in milliseconds, and how many are. */
const lifetime = 3_600_000;
const capacity = 1000;

interface CachedOrigin {
  readonly origin: string;
  readonly at: number;
}

/** Finds hosts, one question for all who ask the same at the same time. One a client. */
export class LocationResolver {
  private readonly known = new Map<string, CachedOrigin>();
  private readonly inFlight = new Map<string, Observable<string>>();

  /** `now` gives the time in milliseconds. */
  constructor(private readonly now: () => number = () => asyncScheduler.now()) {}

  /**
   * Emits the origin of a product in a region. Errors with `SDK.EndpointUnknown` where the service knows none, or none
   * that can be used, and with the call's own error where that fails. No failure is kept.
   */
  resolve(regionId: string, serviceCode: string, ask: AskLocation, type = 'openAPI'): Observable<string> {
    return defer(() => {
      const key = `${regionId}\n${serviceCode}\n${type}`;
      const known = this.known.get(key);
      const age = known === undefined ? NaN : this.now() - known.at;
      if (known !== undefined && age >= 0 && age < lifetime) return of(known.origin);
      return this.inFlight.get(key) ?? this.ask(key, { Id: regionId, ServiceCode: serviceCode, Type: type }, ask);
    });
  }

  /** Shared: it goes on for as long as one caller is left. */
  private ask(key: string, request: DescribeEndpointsRequest, ask: AskLocation): Observable<string> {
    const forget = (): void => {
      if (this.inFlight.get(key) === origin$) this.inFlight.delete(key);
    };
    const asked$ = defer(() => ask(request)).pipe(
      map((response) => originIn(response, request)),
      // Before anyone is told: who asks again at once, after a failure say, starts anew.
      tap({ next: (origin) => this.keep(key, origin), error: forget }),
      finalize(forget),
    );
    const origin$ = shared(asked$);
    this.inFlight.set(key, origin$);
    return origin$;
  }

  private keep(key: string, origin: string): void {
    // The newest stands last, so that the first is the one to go.
    this.known.delete(key);
    this.known.set(key, { origin, at: this.now() });
    const [oldest] = this.known.keys();
    if (this.known.size > capacity && oldest !== undefined) this.known.delete(oldest);
  }
}

/**
 * For all who ask while it is under way, and for as long as one of them is left. Of RxJS' `share`, 0.3 KB would be in what every page
 * loads first: esbuild puts what is reached through a package's index there, whichever file needs it.
 */
function shared<T>(source$: Observable<T>): Observable<T> {
  const listeners = new Subject<T>();
  let listening = 0;
  let connection: Subscription | undefined;
  return new Observable((subscriber) => {
    listening++;
    subscriber.add(() => {
      if (--listening === 0) connection?.unsubscribe();
    });
    listeners.subscribe(subscriber);
    connection ??= source$.subscribe(listeners);
    // Whoever took what came at once is gone already.
    if (listening === 0) connection.unsubscribe();
  });
}

function originIn({ Endpoints, Success }: DescribeEndpointsResponse, request: DescribeEndpointsRequest): string {
  const { Id, ServiceCode } = request;
  const found = Success === false ? [] : (Endpoints?.Endpoint ?? []).filter(({ Endpoint = '' }) => Endpoint !== '');
  const secure = found.find(({ Protocols }) => Protocols?.Protocols?.some(isHttps) ?? true);
  const where = `${ServiceCode} in the region ${Id}`;
  if (found.length === 0) throw unknown(`The location service knows no host of ${where}`);
  if (secure?.Endpoint === undefined) {
    throw unknown(`The location service knows no host of ${where} that takes HTTPS`);
  }
  return originOfHost(secure.Endpoint, where);
}

function isHttps(protocol: string): boolean {
  return protocol.toLowerCase() === 'https';
}

/** What comes from outside may name a host, and nothing else. */
function originOfHost(host: string, where: string): string {
  try {
    if (/^[a-z0-9.-]+\.[a-z]+$/i.test(host)) return parseEndpoint(host);
  } catch {
    // Told below, as what the user gave is not at fault.
  }
  throw unknown(`The location service gave ${JSON.stringify(host.slice(0, 100))} for ${where}, which is no host name`);
}

function unknown(why: string): ClientError {
  return new ClientError('SDK.EndpointUnknown', `${why}: give \`endpoint\` or \`endpoints\` in the client's options`);
}
