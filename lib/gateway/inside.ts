/** What nothing that is answered may show: whose key it is that signs, and where the services are. */
import type { HttpRequest } from '../transport/transport.js';

const mask = '***';
/** Access keys and tokens of Alibaba Cloud, in full or shortened, and its hosts. */
const known = /\b(?:LTAI|STS\.|TMP\.)[\w.*-]+|\b[\w-]+(?:\.[\w-]+)*\.(?:aliyuncs|aliyun-inc)\.com(?::\d+)?/gi;
/** As many as are remembered: providers renew them. */
const most = 32;

/** Learns from what is sent. */
export class Inside {
  private readonly learned = new Set<string>();

  learn({ url, headers }: HttpRequest): void {
    const { host, hostname, searchParams } = new URL(url);
    const [, keyId] = /Credential=([^,\s]+)/.exec(headers.authorization ?? '') ?? [];
    for (const each of [host, hostname, keyId, searchParams.get('AccessKeyId'), headers['x-acs-accesskey-id']])
      this.add(each);
  }

  /** A message of a service, for anybody to read. */
  hide(text: string): string {
    let shown = text.replace(known, mask);
    for (const each of this.learned) shown = shown.replaceAll(each, mask);
    return shown;
  }

  private add(secret: string | null | undefined): void {
    if (secret === null || secret === undefined || secret === '') return;
    this.learned.add(secret);
    const [first] = this.learned;
    if (this.learned.size > most && first !== undefined) this.learned.delete(first);
  }
}
