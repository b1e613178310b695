/** What the variable `DEBUG` makes a client show: `DEBUG=rx-alicloud:*`. */
import type { ValidationIssue } from '../errors.js';
import type { CallEvent, CallFacts, ShownRequest, ShownResponse, ThrottleKey } from '../events/events.js';
import { linesOf, onOneLine } from './on-one-line.js';
import { isEnabled } from './namespaces.js';

/** What can be turned on: `rx-alicloud:request` and so on. */
export type DebugTopic = 'call' | 'request' | 'response' | 'retry';

/**
 * What to subscribe to a client's events with; `undefined` where `DEBUG` asks for nothing of it. `DEBUG=sdk`, as the Go
 * SDK has it, is requests and answers.
 *
 * @param variable the value of `DEBUG`
 * @param write takes one or more lines; the last does not end in a line break
 */
export function debugFor(
  variable: string | undefined,
  write: (text: string) => void,
): ((event: CallEvent) => void) | undefined {
  const topics = topicsOf(variable ?? '');
  if (topics.size === 0) return undefined;
  return (event) => {
    const [topic, ...lines] = linesFor(event);
    if (topics.has(topic)) write([headingOf(topic, event), ...lines].join('\n'));
  };
}

const all: readonly DebugTopic[] = ['call', 'request', 'response', 'retry'];

function topicsOf(variable: string): ReadonlySet<DebugTopic> {
  const asInGo: readonly DebugTopic[] = isEnabled(variable, 'sdk') ? ['request', 'response'] : [];
  return new Set([...all.filter((topic) => isEnabled(variable, `rx-alicloud:${topic}`)), ...asInGo]);
}

/** The topic, and the lines below the heading. */
function linesFor(event: CallEvent): [topic: DebugTopic, ...lines: string[]] {
  switch (event.type) {
    case 'attempt':
      return ['request', ...requestLines(event.request)];
    case 'response':
      return ['response', ...(event.response === undefined ? [] : responseLines(event.response))];
    case 'drifted':
      return ['response', ...event.drift.map((issue) => onOneLine(lineOf(issue)))];
    case 'retried':
    case 'throttled':
      return ['retry'];
    default:
      return ['call'];
  }
}

/** `2026-01-31T08:00:00.000Z rx-alicloud:response #1 Ecs DescribeRegions, attempt 1: 200 after 31 ms` */
function headingOf(topic: DebugTopic, event: CallEvent): string {
  return onOneLine(`${new Date(event.time).toISOString()} rx-alicloud:${topic} ${nameOf(event.call)}${textOf(event)}`);
}

function nameOf({ id, product, action }: CallFacts): string {
  return `#${id} ${product} ${action}`;
}

function textOf(event: CallEvent): string {
  switch (event.type) {
    case 'queued':
      return event.jobId === undefined ? ' waits for a slot' : ` waits for a worker as job ${event.jobId}`;
    case 'started':
      return event.queued > 0 ? ` starts after ${inMs(event.queued)} in the queue` : ' starts';
    case 'attempt':
      return `, attempt ${event.attempt}`;
    case 'response': {
      const { attempt, response, error, duration } = event;
      const outcome = [response?.status, error && `${error.code}: ${error.message}`].filter(
        (part) => part !== undefined,
      );
      return `, attempt ${attempt}: ${outcome.join(', ')} after ${inMs(duration)}`;
    }
    case 'drifted':
      return ': the answer is not what its description says';
    case 'retried':
      return `, attempt ${event.attempt} failed (${event.kind ?? 'as the policy has it'}), the next follows in ${inMs(event.wait)}: ${event.error.code}`;
    case 'throttled':
      return ` is held back${event.until === undefined ? '' : ` for ${inMs(event.until - event.time)}`}, as ${reasonOf(event.key)}`;
    case 'finished':
    case 'cancelled':
      return ` ${event.type} after ${inMs(event.duration)}, attempts: ${event.attempts}`;
    case 'failed':
      return ` failed after ${inMs(event.duration)}, attempts: ${event.attempts}: ${event.error.code}: ${event.error.message}`;
    case 'refused':
      return ` refused: ${event.error.code}`;
  }
}

function reasonOf({ limit, name }: ThrottleKey): string {
  if (limit === undefined) return 'the server refuses calls of its kind';
  return `the limit of ${limit}${name === undefined ? '' : ` for ${name}`} is used up`;
}

function lineOf({ path, expected, received }: ValidationIssue): string {
  return `  ${path} should be ${expected} and is ${received}`;
}

function inMs(duration: number): string {
  return `${Math.round(duration)} ms`;
}

function requestLines({ method, url, headers, body }: ShownRequest): string[] {
  return prefixed('>', [`${method} ${url}`, ...headerLines(headers), ...bodyLines(body)]);
}

function responseLines({ status, headers, body }: ShownResponse): string[] {
  return prefixed('<', [String(status), ...headerLines(headers), ...bodyLines(body)]);
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => onOneLine(`${name}: ${value}`));
}

/** An empty line stands before a body. */
function bodyLines(body: string | undefined): string[] {
  return body === undefined || body === '' ? [] : ['', ...linesOf(body)];
}

function prefixed(prefix: string, lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? prefix : `${prefix} ${line}`));
}
