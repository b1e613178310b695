import type { OnApplicationShutdown } from '@nestjs/common';
import { lastValueFrom } from 'rxjs';
import type { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import { checkOption, milliseconds } from '../schema/options.js';
import type { AlicloudModuleOptions } from './module-options.js';
import type { InjectableClient } from './tokens.js';

/** The clients of one configuration: one of each class, however many modules ask for it. */
export class ClientRegistry implements OnApplicationShutdown {
  private readonly clients = new Map<InjectableClient, AlicloudClient>();
  private readonly options: ClientOptions;
  private readonly shutdownTimeout: number;

  /** @throws ConfigurationError where `shutdownTimeout` can't work; the other options are checked with the first client. */
  constructor({ shutdownTimeout = 10_000, ...options }: AlicloudModuleOptions) {
    checkOption('shutdownTimeout', shutdownTimeout, milliseconds);
    this.shutdownTimeout = shutdownTimeout;
    this.options = options;
  }

  clientOf(client: InjectableClient): AlicloudClient {
    let made = this.clients.get(client);
    if (made === undefined) this.clients.set(client, (made = new client(this.options)));
    return made;
  }

  /** Lets calls under way end within their time, and refuses later ones. */
  async onApplicationShutdown(): Promise<void> {
    const closed = [...this.clients.values()].map((client) =>
      lastValueFrom(client.close({ mode: 'drain', timeout: this.shutdownTimeout }), { defaultValue: undefined }),
    );
    await Promise.all(closed);
  }
}
