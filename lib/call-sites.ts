import { catchError, throwError } from 'rxjs';
import { toAlicloudError, type AlicloudError } from './errors.js';
import type { CallInterceptor } from './interceptor.js';

/**
 * Has the stack of a call's error end with where the call was subscribed to: an error that comes over the network begins
 * in the network's code. It costs a stack trace a call, some 20 µs.
 *
 * @example
 * new EcsClient({ regionId: 'cn-hangzhou', credentials, interceptors: [callSites()] });
 */
export function callSites(): CallInterceptor {
  return (next) => (call) => {
    const made = stackHere();
    return next(call).pipe(catchError((error: unknown) => throwError(() => withSite(toAlicloudError(error), made))));
  };
}

/** The default of ten frames would all be those of RxJS. */
function stackHere(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  return stack;
}

function withSite(error: AlicloudError, made: string | undefined): AlicloudError {
  const frames = made?.split('\n').filter((line) => /:\d+:\d+\)?$/.test(line) && !isLibrary.test(line)) ?? [];
  if (frames.length > 0) error.stack = [error.stack, '    of the call that was made', ...frames].join('\n');
  return error;
}

const isLibrary = /[\\/]node_modules[\\/](?:rxjs|rx-alicloud)[\\/]/;
