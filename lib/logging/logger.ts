/** A line for each attempt, as a server's access log has them: what is most often wanted of the option `logger`. */
import { machine } from '#platform';
import type { ResponseEvent, CallEvent } from '../events/events.js';
import { checkOptions, oneOf, ofType, type Rules } from '../schema/options.js';
import { defaultTemplate, parseTemplate, type Surroundings } from './template.js';

/** Told of what becomes of each call. */
export type Logger = (event: CallEvent) => void;

export interface LineLoggerOptions {
  /**
   * What a line tells, with names in braces. Of the attempt: `{time}`, `{start_time}`, `{ts}`, `{cost}`, `{product}`,
   * `{action}`, `{attempt}`, `{error}`. Of the request: `{method}`, `{host}`, `{uri}`, `{target}`, `{version}`,
   * `{req_headers}`, `{req_header_…}`, `{req_body}`. Of the answer: `{code}`, `{request_id}`, `{res_headers}`,
   * `{res_header_…}`, `{res_body}`. And `{channel}`, `{pid}`, `{hostname}`.
   * @default '{time} {channel}: "{method} {uri} HTTP/{version}" {code} {cost} {hostname}'
   */
  readonly template?: string | undefined;
  /** The name of the log. @default 'AlibabaCloud' */
  readonly channel?: string | undefined;
  /** `error`: only attempts that failed. @default 'info' */
  readonly level?: 'info' | 'error' | undefined;
  /** Takes a line, which does not end in a line break. @default console.log */
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * A logger that makes a line of each attempt. `lines` is what takes the lines, or how they are to be.
 *
 * @example
 * new EcsClient({ logger: lineLogger({ template: '{ts} {action} {code} {cost}', level: 'error' }) });
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function lineLogger(lines: ((line: string) => void) | LineLoggerOptions = {}): Logger {
  return loggerOn(machine(), lines);
}

/** The same, on a machine that is given. */
export function loggerOn(
  machine: Omit<Surroundings, 'channel'>,
  lines: ((line: string) => void) | LineLoggerOptions,
): Logger {
  const options: LineLoggerOptions = typeof lines === 'function' ? { log: lines } : lines;
  checkOptions(options, rules(), 'lineLogger.');
  const { template = defaultTemplate, channel = 'AlibabaCloud', level = 'info' } = options;
  const { log = (line) => console.log(line) } = options;
  const lineOf = parseTemplate(template);
  const surroundings = { ...machine, channel };
  return (event) => {
    if (event.type === 'response' && (level === 'info' || hasFailed(event))) log(lineOf(event, surroundings));
  };
}

function hasFailed({ error, response }: ResponseEvent): boolean {
  return error !== undefined || (response !== undefined && response.status >= 400);
}

/** Made when they are needed: a bundler keeps whatever is made of calls while a file is loaded. */
function rules(): Rules<LineLoggerOptions> {
  return {
    template: ofType('string'),
    channel: ofType('string'),
    level: oneOf('info', 'error'),
    log: ofType('function'),
  };
}
