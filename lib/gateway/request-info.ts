/** What an adapter knows of a request that its fetch form does not say. */
export interface RequestInfo {
  /** Names and values one after another, as they came: `request.rawHeaders` of Node. Those that came twice are refused. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** The target of the request line as it came, such as `/api/alicloud/Ecs/…`: an URL in fetch form has lost its dots and backslashes. */
  readonly target?: string | undefined;
  /** Of the connection. */
  readonly remoteAddress?: string | undefined;
  /** Aborts when the caller has gone, where `request.signal` does not. */
  readonly signal?: AbortSignal | undefined;
}
