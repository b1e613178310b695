/** What the processes of a fleet have in common. */
export interface Place {
  /** Of Redis: a Unix socket, or a port of 127.0.0.1. */
  readonly connection: { readonly path: string } | { readonly host: string; readonly port: number };
  /** Of the emulator. */
  readonly url: string;
  readonly queueName: string;
  readonly prefix: string;
  /** In ms. */
  readonly lockDuration: number;
  /** Of a worker. */
  readonly concurrency: number;
  /** By how much a worker's clock is off, in ms. */
  readonly clockShift: number;
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
}

export const key = { accessKeyId: 'LTAI-fleet', accessKeySecret: 'a-secret-of-the-fleet' };
