import { catchError, map, of, switchMap, throwError, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { isCredential } from '../credentials/is-credential.js';
import { parseEndpoint } from '../endpoint/host-names.js';
import { checkOptions, milliseconds, ofType } from '../schema/options.js';
import type { HttpRequest, Transport } from '../transport/transport.js';
import { credentialsIn } from './answer.js';
import { ask, readJson, transportOf, type Question } from './http.js';
import { ofEveryProvider, text, type ProviderOptions } from './options.js';
import { refreshing, type ExpiringCredentials } from './refreshing.js';
import { AnswerError } from './transient.js';
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
      const role = options.roleName ?? variable('ECS_METADATA');
      const read = reader(transport, options);
      const askedWith = (token: string | undefined): Observable<ExpiringCredentials> =>
        credentialsFrom(read, role, token);
      return tokenFrom(read, onlyV2).pipe(
        catchError((error: unknown) => (onlyV2 ? throwError(() => error) : of(undefined))),
        switchMap((token) =>
          token === undefined || onlyV2
            ? askedWith(token)
            : askedWith(token).pipe(insteadOfNotFound(askedWith(undefined))),
        ),
        explained('the metadata service gave no credentials'),
      );
    },
    { clock: options.clock },
  );
}

type ReadMetadata = <T>(
  path: string,
  question: Pick<Question<T>, 'read' | 'isThere'> & Partial<HttpRequest>,
) => Observable<T>;

function reader(
  transport: Transport,
  { timeout: limit = 1000, metadataOrigin = 'http://100.100.100.200' }: EcsRamRoleOptions,
): ReadMetadata {
  return (path, { read, isThere, ...request }) =>
    ask(transport, {
      request: { method: 'GET', url: `${metadataOrigin}/latest/${path}`, headers: {}, ...request },
      limit,
      read,
      isThere,
    });
}

/** How long a token is good, in seconds: as long as the service allows. */
const tokenLife = '21600';

/** On a machine that is none of the cloud's, nobody answers; that is waited for once, unless nothing else can be tried. */
function tokenFrom(read: ReadMetadata, isThere: boolean): Observable<string> {
  const headers = { 'x-aliyun-ecs-metadata-token-ttl-seconds': tokenLife };
  return read('api/token', { method: 'PUT', headers, read: oneWord('a token'), isThere });
}

const rolesPath = 'meta-data/ram/security-credentials/';

function credentialsFrom(
  read: ReadMetadata,
  given: string | undefined,
  token: string | undefined,
): Observable<ExpiringCredentials> {
  const isThere = token !== undefined;
  const headers: HttpRequest['headers'] = isThere ? { 'x-aliyun-ecs-metadata-token': token } : {};
  const role$ = given !== undefined ? of(given) : read(rolesPath, { headers, read: oneWord('a role'), isThere });
  return role$.pipe(
    switchMap((role) => read(`${rolesPath}${encodeURIComponent(role)}`, { headers, read: readJson, isThere })),
    map((answer) => credentialsIn(answer, 'ecs_ram_role')),
  );
}

/** Some instances give a token and know of no role for it. Where there is none without it either, the first error counts. */
function insteadOfNotFound<T>(other: Observable<T>): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) => {
    if (!(error instanceof AnswerError && error.status === 404)) throw error;
    return other.pipe(catchError(() => throwError(() => error)));
  });
}

/** Something else may listen there, and answer with a page. */
function oneWord(expected: string): (body: string) => string {
  return (body) => {
    const word = body.trim();
    if (isCredential(word)) return word;
    throw new AnswerError(`expected ${expected}, got something else`, 200);
  };
}
