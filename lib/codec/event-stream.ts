/** The event stream format of server-sent events, as the HTML standard has it. */
import type { ServerSentEvent } from '../http-event.js';

/** Parses one stream. An event is there when the empty line that ends it is, or the stream has come to its end. */
export class EventStreamParser {
  // Keeps the bytes of a character that is cut, and drops a byte order mark.
  private readonly decoder = new TextDecoder();
  private rest = '';
  private endedInCr = false;
  private data: string[] = [];
  private dataLength = 0;
  private type = '';
  private id = '';
  private retry: number | undefined;

  /** The events that are complete with these bytes. */
  push(bytes: Uint8Array): ServerSentEvent[] {
    return this.linesIn(this.decoder.decode(bytes, { stream: true })).flatMap((line) => this.read(line) ?? []);
  }

  /**
   * The event that is there without an empty line, when the stream has come to its end. The standard drops it, as a stream
   * may end anywhere; here one that is cut off is an error of its transport, and some servers leave out the last line.
   */
  end(): ServerSentEvent[] {
    const rest = [...this.linesIn(this.decoder.decode()), this.rest, ''];
    this.rest = '';
    return rest.flatMap((line) => this.read(line) ?? []);
  }

  /** How much of an event is there that has not come to its end, in characters. */
  get pending(): number {
    return Math.max(0, this.rest.length - 'data: '.length) + this.dataLength;
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
    if (field === 'data') {
      this.data.push(value);
      this.dataLength += value.length;
    } else if (field === 'event') this.type = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  private dispatch(): ServerSentEvent | undefined {
    const { data, type, id, retry } = this;
    const event = { data: data.join('\n'), type: type || 'message', id, ...(retry === undefined ? {} : { retry }) };
    const isEvent = data.length > 0;
    this.data = [];
    this.dataLength = 0;
    this.type = '';
    this.retry = undefined;
    return isEvent ? event : undefined;
  }
}
