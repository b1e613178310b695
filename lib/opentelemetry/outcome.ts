import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { tap, type MonoTypeOperatorFunction } from 'rxjs';
import { toAlicloudError, type AlicloudError } from '../errors.js';

/** How a call or an attempt ended. */
export interface Outcome<T> {
  /** What it gave last. */
  readonly value: T | undefined;
  readonly error: AlicloudError | undefined;
  /** It was unsubscribed from before it had given anything. */
  readonly cancelled: boolean;
}

/** Tells once how it ended, before whoever is subscribed learns of it. */
export function tellOutcome<T>(
  tell: (outcome: Outcome<T>) => void,
  errorOf: (thrown: unknown) => AlicloudError = toAlicloudError,
): MonoTypeOperatorFunction<T> {
  return (source) => {
    let value: T | undefined;
    const ended = (error?: AlicloudError): void => tell({ value, error, cancelled: false });
    return source.pipe(
      tap({
        next: (given) => (value = given),
        error: (error: unknown) => ended(errorOf(error)),
        complete: ended,
        // Whoever takes the first value and no more has cancelled nothing.
        unsubscribe: () => tell({ value, error: undefined, cancelled: value === undefined }),
      }),
    );
  };
}

/** What spans and metrics say alike. */
export function outcomeAttributes({ error, cancelled }: Outcome<unknown>): Attributes {
  return {
    ...(error === undefined ? {} : { 'error.type': error.code }),
    ...(cancelled ? { 'aliyun.cancelled': true } : {}),
  };
}

export function endSpan(span: Span, attributes: Attributes, error?: AlicloudError): void {
  span.setAttributes(attributes);
  if (error !== undefined) {
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  span.end();
}
