import { DOCUMENT, inject, Injectable, REQUEST, signal } from '@angular/core';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Light, dark, or as the system has it. A cookie keeps it, so that the server renders the page in it. */
@Injectable({ providedIn: 'root' })
export class ThemeService {
  readonly #document = inject(DOCUMENT);
  readonly #request = inject(REQUEST, { optional: true });
  readonly #theme = signal<Theme>(this.#stored());

  readonly theme = this.#theme.asReadonly();

  constructor() {
    this.#show(this.#theme());
  }

  choose(theme: Theme): void {
    this.#theme.set(theme);
    this.#document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    this.#show(theme);
  }

  #show(theme: Theme): void {
    const root = this.#document.documentElement;
    if (theme === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme);
  }

  #stored(): Theme {
    const cookies = this.#request?.headers.get('cookie') ?? this.#document.cookie;
    const value = /(?:^|; )theme=(\w+)/.exec(cookies)?.[1];
    return themes.find((theme) => theme === value) ?? 'auto';
  }
}
