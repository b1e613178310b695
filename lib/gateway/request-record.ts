/** What is learned of one request on its way, and told when it has come to its end. */
import { monotonicNow } from '../clock/monotonic.js';
import { answerOf, type AnswerHead } from './answer.js';
import type { GatewayEvent } from './events.js';
import type { RequestInfo } from './request-info.js';

type Facts = { -readonly [K in keyof GatewayEvent]?: GatewayEvent[K] };

export class RequestRecord {
  private readonly begunAt = monotonicNow();
  private readonly facts: Facts;
  private outcome: GatewayEvent['outcome'] = 'cancelled';
  private isOver = false;
  private isCancelled = false;
  private isStreaming = false;

  /** `onEnd` is told once. */
  constructor(
    { remoteAddress }: RequestInfo,
    private readonly onEnd: (event: GatewayEvent) => void,
  ) {
    this.facts = remoteAddress === undefined ? {} : { remoteAddress };
    this.facts.at = Date.now();
  }

  note(facts: Facts): void {
    Object.assign(this.facts, facts);
  }

  /** What is answered, which may yet be cancelled. */
  begin({ status, code, headers }: AnswerHead, replayed: boolean): void {
    const requestId = headers['x-acs-request-id'];
    this.note({ status, replayed, ...(code && { code }), ...(requestId && { requestId }) });
  }

  complete(): void {
    const { code } = this.facts;
    this.outcome = code === undefined ? 'answered' : isFailure(code) ? 'failed' : 'refused';
  }

  fail(error: unknown): void {
    const [{ status, code }] = answerOf(error);
    // Of one that had begun, that is what its caller was told.
    this.note({ status: this.facts.status ?? status, ...(code && { code }) });
    this.complete();
  }

  /** The caller has gone, whatever else comes. */
  cancel(): void {
    this.isCancelled = true;
  }

  /** Its answer comes in pieces: it ends with the last of them. */
  stream(): void {
    this.isStreaming = true;
  }

  /** When there is something to answer. */
  endUnlessStreaming(): void {
    if (!this.isStreaming) this.end();
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    const { at = 0, replayed = false } = this.facts;
    this.onEnd({
      ...this.facts,
      at,
      replayed,
      outcome: this.isCancelled ? 'cancelled' : this.outcome,
      duration: monotonicNow() - this.begunAt,
    });
  }
}

/** Whether a call was made of it, or was tried to be. */
function isFailure(code: string): boolean {
  return !code.startsWith('Gateway.') || /Upstream|Response|Internal/.test(code);
}
