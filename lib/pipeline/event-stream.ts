/** The event stream format of server-sent events, as the HTML standard has it. */
import type { ServerSentEvent } from '../http-event.js';

/** Parses one stream. An event is there when the empty line that ends it is; one without is dropped. */
export class EventStreamParser {
  // Keeps the bytes of a character that is cut, and drops a byte order mark.
  private readonly decoder = new TextDecoder();
  private rest = '';
  private endedInCr = false;
  private readonly data: string[] = [];
  private type = '';
  private id = '';
  private retry: number | undefined;

  /** The events that are complete with these bytes. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    return this.linesIn(this.decoder.decode(bytes, { stream: true })).flatMap((line) => this.read(line) ?? []);
  }

  private linesIn(text: string): string[] {
    if (text === '') return [];
    // A line that ended in CR was complete then; an LF that comes now belongs to it.
    const lines = (this.endedInCr && text.startsWith('\n') ? text.slice(1) : text).split(/\r\n|\n|\r/);
    this.endedInCr = text.endsWith('\r');
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = lines.pop() ?? '';
    return lines;
  }

  private read(line: string): ServerSentEvent | undefined {
    if (line === '') return this.dispatch();
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.type = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  private dispatch(): ServerSentEvent | undefined {
    const { data, type, id, retry } = this;
    const event = { data: data.join('\n'), type: type || 'message', id, ...(retry === undefined ? {} : { retry }) };
    const isEvent = data.length > 0;
    data.length = 0;
    this.type = '';
    this.retry = undefined;
    return isEvent ? event : undefined;
  }
}
