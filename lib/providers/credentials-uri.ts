import { map } from 'rxjs';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkOption, checkOptions, milliseconds, type Rule } from '../schema/options.js';
import type { HttpRequest } from '../transport/transport.js';
import { credentialsIn } from './answer.js';
import { ask, readJson, transportOf, usualLimit } from './http.js';
import { ofEveryProvider, type ProviderOptions } from './options.js';
import { refreshing } from './refreshing.js';
import { explained, unavailable } from './unavailable.js';
import { required } from './variables.js';

export interface CredentialsUriOptions extends ProviderOptions {
  /** How long each answer may take, in milliseconds. @default 10000 */
  readonly timeout?: number | undefined;
}

/**
 * The credentials that a server of your own gives for a GET, as JSON with `AccessKeyId`, `AccessKeySecret`,
 * `SecurityToken` and `Expiration`.
 *
 * @param uri where it is asked; by default `ALIBABA_CLOUD_CREDENTIALS_URI`. It is shown nowhere: there may be a key in it.
 * @throws ConfigurationError where `uri` is none, or an option can't work.
 */
export function credentialsUri(uri?: string, options: CredentialsUriOptions = {}): CredentialsProvider {
  checkOptions(options, { ...ofEveryProvider, timeout: milliseconds });
  if (uri !== undefined) checkOption('uri', uri, httpUri);
  const transport = transportOf(options.transport);

  return refreshing(
    () => {
      const url = required(uri, 'CREDENTIALS_URI', 'uri');
      if (!httpUri.fits(url)) throw unavailable(`expected ALIBABA_CLOUD_CREDENTIALS_URI to be ${httpUri.expected}`);
      const request = { method: 'GET', ...addressed(url) };
      return ask(transport, { request, limit: options.timeout ?? usualLimit, read: readJson }).pipe(
        map((answer) => credentialsIn(answer, 'credential_uri')),
        explained(`${new URL(url).origin} gave no credentials`),
      );
    },
    { clock: options.clock },
  );
}

/** A user and a password in a URL are what a header says. */
function addressed(uri: string): Pick<HttpRequest, 'url' | 'headers'> {
  const url = new URL(uri);
  const { username, password } = url;
  if (username === '' && password === '') return { url: url.href, headers: {} };
  Object.assign(url, { username: '', password: '' });
  const pair = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url: url.href, headers: { authorization: `Basic ${btoa(String.fromCharCode(...pair))}` } };
}

const httpUri: Rule = {
  expected: 'a URL that begins with http:// or https://',
  fits: (value) => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value),
};
