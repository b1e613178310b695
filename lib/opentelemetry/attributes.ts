/** Names and values as OpenTelemetry's semantic conventions have them; those of our own begin with `aliyun.`. */
import type { Attributes } from '@opentelemetry/api';
import { shownUrl } from '../masking/shown.js';
import type { FullResponse } from '../http-event.js';
import type { AnyOperation } from '../service.js';
import type { HttpRequest } from '../transport/transport.js';

/** What all calls of an operation have in common: few enough values to count by. */
export function callAttributes(operation: AnyOperation): Attributes {
  return { 'rpc.system.name': 'aliyun', 'rpc.method': methodName(operation) };
}

/** `Ecs/DescribeRegions` */
export function methodName({ service, action }: AnyOperation): string {
  return `${service.product}/${action}`;
}

/** `hide` takes out the secrets of the request that are known. */
export function requestAttributes({ method, url }: HttpRequest, hide: (text: string) => string): Attributes {
  return {
    'http.request.method': method,
    ...(URL.canParse(url) ? serverAttributes(new URL(url)) : {}),
    'url.full': hide(shownUrl(url)),
  };
}

/** The path of a gateway has no server in it. */
function serverAttributes({ protocol, hostname, port }: URL): Attributes {
  return {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}

/** The id that the server's own logs know a call by. */
export function requestIdOf(headers: Readonly<Record<string, string>>, body?: unknown): string | undefined {
  const { RequestId: inBody } = typeof body === 'object' && body !== null ? (body as { RequestId?: unknown }) : {};
  const id = headers['x-acs-request-id'] ?? inBody;
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

export function responseAttributes({ status, headers, attempts, body }: FullResponse<unknown>): Attributes {
  return {
    'http.response.status_code': status,
    'aliyun.attempts': attempts.length,
    'aliyun.request_id': requestIdOf(headers, body),
  };
}
