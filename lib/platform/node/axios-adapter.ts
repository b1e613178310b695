/** The connections as axios' instances use them. */
import { Readable } from 'node:stream';
import type { AxiosAdapter, AxiosResponse } from 'axios';
import type { AdapterConfig, Exchange, ExchangeRequest } from '../connections.js';
import { cancellationOf, failureOf } from '../failure.js';

export function axiosAdapterOver(exchange: Exchange): AxiosAdapter {
  return (given) =>
    new Promise<AxiosResponse<unknown>>((resolve, reject) => {
      const config: AdapterConfig = given;
      const { signal } = config;
      if (signal?.aborted === true) return reject(cancellationOf(config));
      const cancel = (): void => {
        handler?.abort();
        reject(cancellationOf(config));
      };
      const end = (): void => void signal?.removeEventListener?.('abort', cancel);
      // Before the exchange, which may fail at once.
      signal?.addEventListener?.('abort', cancel);
      const handler = exchange(requestOf(config), {
        onAnswer({ status, statusText, headers }, data) {
          // A stream can be aborted until it has ended.
          if (data instanceof Readable) data.once('close', end);
          else end();
          // axios makes an object of its own of plain headers, where it is asked to.
          resolve({ status, statusText, headers, config, data } as AxiosResponse<unknown>);
        },
        onFailure(error) {
          end();
          reject(failureOf(error, config));
        },
      });
    });
}

function requestOf(config: AdapterConfig): ExchangeRequest {
  const { method = 'GET', url = '', data, responseType, maxContentLength, onUploadProgress } = config;
  const { connectTimeout, readTimeout } = config;
  return {
    // undici takes any method that HTTP has a word for.
    method: method.toUpperCase(),
    url,
    headers: headersOf(config.headers),
    body: data === null ? undefined : (data as string | Uint8Array | undefined),
    responseType: responseType === 'stream' ? 'stream' : responseType === 'arraybuffer' ? 'bytes' : 'text',
    connectTimeout,
    readTimeout,
    maxResponseSize: maxContentLength,
    onUploaded:
      onUploadProgress &&
      ((loaded) => {
        const total = (data as string | Uint8Array).length;
        onUploadProgress({ loaded, total, bytes: loaded, upload: true, lengthComputable: true });
      }),
  };
}

/** axios says `false` of a header that is not to be sent. */
function headersOf(headers: object): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers) as [string, string | number | boolean | null | undefined][]) {
    if (value !== false && value !== undefined && value !== null) sent[name.toLowerCase()] = String(value);
  }
  return sent;
}
