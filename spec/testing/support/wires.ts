/** The emulator's two wires behind one face, so that a spec can be about both. */
import { Agent, request as httpRequest } from 'node:http';
import { firstValueFrom } from 'rxjs';
import type { Emulator } from '../../../lib/testing/emulator.js';
import type { HttpRequest, HttpResponse } from '../../../lib/transport/transport.js';

export interface Wire {
  /** What requests are addressed to. */
  readonly origin: string;
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export const wires: readonly (readonly [name: string, open: (emulator: Emulator) => Promise<Wire>])[] = [
  ['in process', openInProcess],
  ['over HTTP', openHttp],
];

export async function openInProcess(emulator: Emulator): Promise<Wire> {
  return Promise.resolve({
    origin: 'http://ecs.cn-hangzhou.aliyuncs.com',
    send: (request) => firstValueFrom(emulator.transport.send(request)),
    close: () => emulator.close(),
  });
}

export async function openHttp(emulator: Emulator): Promise<Wire> {
  const { url } = await emulator.listen();
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    origin: url,
    send: (request) => exchange(request, agent),
    async close() {
      agent.destroy();
      await emulator.close();
    },
  };
}

function exchange({ method, url, headers, body }: HttpRequest, agent: Agent): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
