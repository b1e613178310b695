/** How each call of a storm ended, and how often. */
import type { AlicloudError } from '../../../lib/index.js';

export type End = 'value' | 'error' | 'cancelled';

export class Ends {
  /** How many values each call gave. */
  private readonly values: Uint8Array;
  readonly how: (End | undefined)[];
  readonly codes = new Map<string, number>();
  /** The calls that found pool and queue full, or the async mode off. */
  readonly refused = new Set<number>();
  /** Calls beyond the plan, made from within the ends of others. */
  extra = 0;
  /** Calls made when all was calm again. */
  calm = 0;
  /** How many teardowns have thrown where nobody could catch it, and how many of these errors were reported. */
  thrown = 0;
  reported = 0;
  /** What no call may do. */
  readonly wrongs: string[] = [];

  constructor(
    calls: number,
    private readonly secret: string,
  ) {
    this.values = new Uint8Array(calls);
    this.how = new Array<End | undefined>(calls);
  }

  value(call: number): void {
    if (this.how[call] !== undefined) this.wrongs.push(`call ${call} gave a value after its end`);
    this.values[call] = (this.values[call] ?? 0) + 1;
  }

  end(call: number, how: End): void {
    if (this.how[call] !== undefined) this.wrongs.push(`call ${call} ended twice: ${this.how[call]}, then ${how}`);
    this.how[call] = how;
    const expected = how === 'value' ? 1 : 0;
    if (this.values[call] !== expected)
      this.wrongs.push(`call ${call} ended as ${how} with ${this.values[call]} values`);
  }

  failed(call: number, error: AlicloudError | undefined): void {
    const code = error?.code ?? 'no error at all';
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (!expectedCodes.has(code)) this.wrongs.push(`call ${call} ended in ${code}: ${error?.message}`);
    if (`${JSON.stringify(error)}${error?.stack}`.includes(this.secret))
      this.wrongs.push(`call ${call} told the secret`);
    if (code === 'SDK.AsyncQueueFull' || code === 'SDK.AsyncFunctionNotEnabled') this.refused.add(call);
    this.end(call, 'error');
  }

  /** The calls that have not ended. */
  get left(): number[] {
    return [...this.how.keys()].filter((call) => this.how[call] === undefined);
  }

  count(how: End): number {
    return this.how.filter((end) => end === how).length;
  }
}

/** What a storm may end a call in: all else is a fault of the client. */
const expectedCodes = new Set([
  'HTTP.502',
  'HTTP.504',
  'InternalError',
  'Storm.Failed',
  'ServiceUnavailable',
  'Throttling.User',
  'TooManyRequests',
  'InvalidSecurityToken.Expired',
  'InvalidTimeStamp.Expired',
  'SignatureNonceUsed',
  'SDK.Aborted',
  'SDK.AsyncFunctionNotEnabled',
  'SDK.AsyncQueueFull',
  'SDK.NetworkError',
  'SDK.Throttled',
  'SDK.Timeout',
]);
