/** As much of an `XMLHttpRequest` as axios uses, over `fetch`. */
export class XMLHttpRequest {
  status = 0;
  statusText = '';
  responseURL = '';
  responseType = '';
  responseText = '';
  response: ArrayBuffer | undefined;
  timeout = 0;
  onloadend?: () => void;
  onabort?: () => void;
  onerror?: (event: object) => void;
  ontimeout?: () => void;
  readonly upload = new EventTarget();
  private readonly aborter = new AbortController();
  private readonly headers = new Headers();
  private init: RequestInit & { url: string } = { url: '' };
  private answerHeaders = '';

  open(method: string, url: string): void {
    this.init = { method, url };
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.append(name, value);
  }

  getAllResponseHeaders(): string {
    return this.answerHeaders;
  }

  readonly addEventListener = ignore;
  readonly removeEventListener = ignore;

  send(body: BodyInit | null): void {
    const timer = this.timeout > 0 ? setTimeout(() => this.end('timeout'), this.timeout) : undefined;
    this.load(body)
      .catch(() => this.onerror?.({}))
      .finally(() => clearTimeout(timer));
  }

  abort(): void {
    this.end('abort');
  }

  private end(how: 'timeout' | 'abort'): void {
    this.aborter.abort();
    if (how === 'timeout') this.ontimeout?.();
    else this.onabort?.();
  }

  private async load(body: BodyInit | null): Promise<void> {
    const { url, ...init } = this.init;
    const loaded = body instanceof Uint8Array ? body.length : 0;
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded, total: loaded, lengthComputable: true }));
    const answer = await fetch(url, { ...init, body, headers: this.headers, signal: this.aborter.signal });
    this.answerHeaders = [...answer.headers].map((pair) => pair.join(': ')).join('\r\n');
    if (this.responseType === 'arraybuffer') this.response = await answer.arrayBuffer();
    else this.responseText = await answer.text();
    this.status = answer.status;
    this.responseURL = answer.url;
    this.onloadend?.();
  }
}

function ignore(): void {
  // No answer is watched while it comes.
}
