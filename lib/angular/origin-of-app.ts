import { PlatformLocation } from '@angular/common';
import { inject } from '@angular/core';

/** Of the page, or of the page that is rendered; empty where neither is known, as in tests without a platform. */
export function originOfApp(): string {
  const { protocol, hostname, port } = inject(PlatformLocation);
  if (hostname === '') return '';
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}`;
}
