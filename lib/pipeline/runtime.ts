/** What all calls of a client share. */
import { debugListener } from '#debug';
import { platformName, randomUUID } from '#platform';
import { switchMap, type Observable } from 'rxjs';
import { AsyncMode } from '../async/async-mode.js';
import type { ClientOptions } from '../client-options.js';
import { SkewCorrectedClock } from '../clock/skew-corrected-clock.js';
import { Events } from '../events/emitter.js';
import type { ClientStats } from '../events/events.js';
import type { StatsOptions } from '../events/stats.js';
import type { CallRequest } from '../interceptor.js';
import type { ThrottleFeedback } from '../throttling/gates.js';
import { OwnRateLimiter } from '../throttling/own-rate-limiter.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';
import { decoderOf } from '../codec/decode.js';
import { perOperation } from '../codec/per-operation.js';
import { checkedResults, checkedTransport, nonceRule, timeRule } from './given.js';
import { callSettings, clientSettings, type CallSettings } from '../settings.js';
import type { Exchange } from '../platform/connections.js';
import { openTransport, type OpenedTransport } from '../transport/axios-transport.js';
import type { Transport } from '../transport/transport.js';
import { version } from '../version.js';
import { CallContext, type CallKind } from './call-context.js';
import { CallReporter } from './call-reporter.js';
import { LazyFeatures } from './lazy-features.js';
import type { Recovery } from './recovery.js';

export class Runtime {
  readonly asyncMode: AsyncMode;
  readonly events = new Events();
  readonly reporter = new CallReporter(this.events);
  readonly settings: CallSettings;
  readonly transport: Transport;
  readonly exchange: Exchange | undefined;
  readonly rateLimiter: RateLimiter | undefined;
  /** Made with the first failure. */
  recovery: Recovery | undefined = undefined;
  readonly clock: SkewCorrectedClock;
  readonly nonce: () => string;
  readonly userAgent: string | undefined;
  readonly lazyFeatures = new LazyFeatures();
  readonly decoderOf = perOperation(decoderOf);
  private made = 0;

  constructor(readonly options: ClientOptions) {
    this.settings = clientSettings(options);
    const { rateLimiter, clock, nonce, transport, userAgent, logger, dispatcher } = options;
    this.asyncMode = new AsyncMode(dispatcher, this);
    const opened: OpenedTransport =
      transport === undefined ? openTransport(options) : { transport: checkedTransport(transport) };
    ({ transport: this.transport, exchange: this.exchange } = opened);
    this.rateLimiter =
      rateLimiter === false || options.gateway !== undefined ? undefined : (rateLimiter ?? new OwnRateLimiter());
    this.clock = new SkewCorrectedClock(clock === undefined ? Date.now : checkedResults(clock, 'clock()', timeRule));
    this.nonce = nonce === undefined ? randomUUID : checkedResults(nonce, 'nonce()', nonceRule);
    this.userAgent = userAgentOf(userAgent);
    for (const listener of [debugListener(), logger]) {
      if (listener !== undefined) this.events.events$.subscribe(listener);
    }
  }

  watchStats(options?: StatsOptions): Observable<ClientStats> {
    return this.lazyFeatures.features$.pipe(switchMap(({ watchStats }) => watchStats(this, options)));
  }

  /** Of one subscription. @throws ConfigurationError where an option of the call can't work. */
  contextOf(call: CallRequest, kind: CallKind): CallContext {
    return new CallContext(call, kind, this.settingsOf(call), ++this.made);
  }

  settingsOf({ operation, options }: CallRequest): CallSettings {
    return callSettings(this.settings, options, operation);
  }

  /** Passes on what an answer says of throttling; most say nothing, and were not waited for. */
  reportToThrottle({ attempt, settings }: CallContext, answer: ThrottleFeedback): void {
    const { scope, pass } = attempt;
    const { rateLimiter } = this;
    if (rateLimiter === undefined || scope === undefined) return;
    // Where a rate is configured, what is left of the server's own is not asked for: only its refusals count.
    const headers = attempt.paced && !answer.throttled ? {} : answer.headers;
    if (!answer.throttled && pass === undefined && !tellsOfQuota(headers)) return;
    this.lazyFeatures.features$.subscribe({
      next: ({ learnThrottle }) =>
        learnThrottle(rateLimiter, scope, { ...answer, headers, longest: settings.maxRetryAfter }, pass),
      // Then the server alone holds calls back.
      error: () => undefined,
    });
  }
}

function tellsOfQuota(headers: ThrottleFeedback['headers']): boolean {
  return quotaHeaders.some((name) => headers[name] !== undefined);
}

/** What tells how much of a quota is left. */
export const quotaHeaders: readonly string[] = ['x-ratelimit-user-api', 'x-ratelimit-user'];

function userAgentOf(suffix: string | undefined): string | undefined {
  const platform = platformName();
  if (platform === undefined) return undefined;
  return `rx-alicloud/${version} (${platform})${suffix === undefined ? '' : ` ${suffix}`}`;
}
