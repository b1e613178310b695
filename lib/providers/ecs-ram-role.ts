import { catchError, map, of, switchMap, throwError, type Observable } from 'rxjs';
import { isCredential, type CredentialsProvider } from '../credentials/credentials.js';
import { parseEndpoint } from '../endpoint/host-names.js';
import { checkOptions, milliseconds, ofType } from '../schema/options.js';
import type { HttpRequest, Transport } from '../transport/transport.js';
import { credentialsIn, readAnswer } from './answer.js';
import { bodyOf, transportOf } from './http.js';
import { ofEveryProvider, text, type ProviderOptions } from './options.js';
import { refreshing, type ExpiringCredentials } from './refreshing.js';
import { explained, unavailable } from './unavailable.js';
import { isSwitchedOn, variable } from './variables.js';

export interface EcsRamRoleOptions extends ProviderOptions {
  /** The role of the instance. @default `ALIBABA_CLOUD_ECS_METADATA`, else the one that the metadata service names */
  readonly roleName?: string | undefined;
  /** Never asks without a token, as version 1 of the metadata service can be asked. @default true where `ALIBABA_CLOUD_IMDSV1_DISABLED` is 'true' */
  readonly disableImdsV1?: boolean | undefined;
  /** How long each answer may take, in milliseconds. @default 1000 */
  readonly timeout?: number | undefined;
  /** The origin of the metadata service. @default 'http://100.100.100.200' */
  readonly metadataOrigin?: string | undefined;
}

/**
 * The credentials of the RAM role of the ECS instance on which the program runs, from the metadata service.
 * `ALIBABA_CLOUD_ECS_METADATA_DISABLED=true` switches it off.
 * @throws ConfigurationError where an option can't work.
 */
export function ecsRamRole(options: EcsRamRoleOptions = {}): CredentialsProvider {
  checkOptions(options, {
    ...ofEveryProvider,
    roleName: text,
    disableImdsV1: ofType('boolean'),
    timeout: milliseconds,
    metadataOrigin: (value, path) => void parseEndpoint(String(value), 'http', path),
  });
  const transport = transportOf(options.transport, true);

  return refreshing(
    () => {
      if (isSwitchedOn('ECS_METADATA_DISABLED')) {
        throw unavailable('the metadata service is switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED');
      }
      const onlyV2 = options.disableImdsV1 ?? isSwitchedOn('IMDSV1_DISABLED');
      const read = reader(transport, options);
      return tokenFrom(read).pipe(
        catchError((error: unknown) => (onlyV2 ? throwError(() => error) : of(undefined))),
        switchMap((token) => credentialsFrom(read, options.roleName ?? variable('ECS_METADATA'), token)),
        explained('the metadata service gave no credentials'),
      );
    },
    { clock: options.clock },
  );
}

type Read = (path: string, request?: Partial<HttpRequest>) => Observable<string>;

function reader(
  transport: Transport,
  { timeout = 1000, metadataOrigin = 'http://100.100.100.200' }: EcsRamRoleOptions,
): Read {
  return (path, request) =>
    bodyOf(transport, { method: 'GET', url: `${metadataOrigin}/latest/${path}`, headers: {}, ...request }, timeout);
}

/** How long a token is good, in seconds: as long as the service allows. */
const tokenLife = '21600';

function tokenFrom(read: Read): Observable<string> {
  const headers = { 'x-aliyun-ecs-metadata-token-ttl-seconds': tokenLife };
  return read('api/token', { method: 'PUT', headers }).pipe(map((body) => oneWord(body, 'a token')));
}

const rolesPath = 'meta-data/ram/security-credentials/';

function credentialsFrom(
  read: Read,
  given: string | undefined,
  token: string | undefined,
): Observable<ExpiringCredentials> {
  const request = token === undefined ? {} : { headers: { 'x-aliyun-ecs-metadata-token': token } };
  const role$ = given !== undefined ? of(given) : read(rolesPath, request).pipe(map((body) => oneWord(body, 'a role')));
  return role$.pipe(
    switchMap((role) => read(`${rolesPath}${encodeURIComponent(role)}`, request)),
    map((body) => credentialsIn(readAnswer(body), 'ecs_ram_role')),
  );
}

/** Something else may listen there, and answer with a page. */
function oneWord(body: string, expected: string): string {
  const word = body.trim();
  if (isCredential(word)) return word;
  throw unavailable(`expected ${expected}, got ${word === '' ? 'nothing' : 'something else'}`);
}
