/** What answers requests, over HTTP. */
import { ClientError } from '../../errors.js';
import type { RequestHandler } from '../request-handler.js';
import type { Listening } from '../server.js';

export interface Serving {
  /** Answers over HTTP, too. Port 0 is any free one. Rejects with an `SDK.NetworkError` where the port is taken. */
  listen(port?: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** Ends every connection. */
  close(): Promise<void>;
}

export function serving(handle: RequestHandler): Serving {
  let listening: Promise<Listening> | undefined;
  return {
    async listen(port = 0, host = '127.0.0.1') {
      if (listening !== undefined) throw new ClientError('SDK.NetworkError', 'It is listening already: close it first');
      listening = import('../server.js').then((module) => module.listen(handle, port, host));
      try {
        const { url, port: bound } = await listening;
        return { url, port: bound };
      } catch (error) {
        listening = undefined;
        throw error;
      }
    },
    async close() {
      const closed = listening;
      listening = undefined;
      // Where listening failed, whoever called `listen` knows, and there is nothing to close.
      await (await closed?.catch(() => undefined))?.close();
    },
  };
}
