import type { UploadProgress } from '../http-event.js';
import type { HttpRequest } from '../transport/transport.js';

/** How much of a request's body has been sent: each number once, and never more than there is. */
export class BodyProgress {
  private readonly total: number;
  private loaded = -1;

  constructor(
    { body }: HttpRequest,
    private readonly emit: (progress: UploadProgress) => void,
  ) {
    this.total = typeof body === 'string' ? new TextEncoder().encode(body).length : (body?.length ?? 0);
  }

  readonly report = (bytes: number): void => {
    const loaded = Math.min(bytes, this.total);
    if (this.total === 0 || loaded === this.loaded) return;
    this.loaded = loaded;
    this.emit({ kind: 'uploadProgress', loaded, total: this.total });
  };
}
