// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- it declares a module, and is none itself
/// <reference path="./axios-xhr.d.ts" />
/** Of a browser's two ways to send a request, `XMLHttpRequest` alone tells how far it is. It is loaded with the first upload. */
import type { AxiosResponse } from 'axios';
import type { AdapterConfig } from '../connections.js';
import { fetchAdapter } from './fetch-adapter.js';
import { redirectFailure } from './redirect-failure.js';

interface Page {
  readonly location?: { readonly href: string };
}

export async function uploadAdapter(config: AdapterConfig): Promise<AxiosResponse<unknown>> {
  const { default: xhrAdapter } = await import('axios/lib/adapters/xhr.js');
  if (xhrAdapter === false) return fetchAdapter(config);
  const response = await xhrAdapter(config);
  const { href, origin } = new URL(config.url ?? '', (globalThis as Page).location?.href);
  const { responseURL = '' } = (response.request ?? {}) as Partial<XMLHttpRequest>;
  // It follows redirects, and no one can tell it not to: what came is the answer of somebody else.
  if (responseURL !== '' && responseURL !== href.replace(/#.*/, '')) throw redirectFailure(origin, config);
  return { ...response, headers: Object.fromEntries(Object.entries(response.headers)) };
}
