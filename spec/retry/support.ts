/** Errors as calls end in them. */
import { NetworkError, ServerError, TimeoutError, type TimeoutPhase } from '../../lib/errors.js';

export function refusal(code: string, status = 400, headers: Readonly<Record<string, string>> = {}): ServerError {
  return new ServerError({ code, status, headers, message: `refused: ${code}`, action: 'DescribeZones', rawBody: '' });
}

export function broken(systemCode: string | undefined): NetworkError {
  return new NetworkError('broken', 'https://ecs.aliyuncs.com', systemCode);
}

export function late(phase: TimeoutPhase): TimeoutError {
  return new TimeoutError({ phase, timeout: 10 });
}
