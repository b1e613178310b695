import {
  afterNextRender,
  ApplicationRef,
  ChangeDetectionStrategy,
  Component,
  DOCUMENT,
  inject,
  signal,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Demo } from './demo';
import { Icon, type IconName } from './shell/icon';
import { ThemeSwitch } from './shell/theme-switch';
import { ThemeService } from './theme';

interface Entry {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

@Component({
  selector: 'app-root',
  imports: [Icon, RouterLink, RouterLinkActive, RouterOutlet, ThemeSwitch],
  templateUrl: './app.html',
  styleUrl: './app.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  protected readonly entries: readonly Entry[] = [
    { path: '/', label: 'Instances', icon: 'instances' },
    { path: '/launch', label: 'Launch', icon: 'launch' },
    { path: '/upload', label: 'Upload', icon: 'upload' },
    { path: '/events', label: 'Events', icon: 'events' },
    { path: '/numbers', label: 'Numbers', icon: 'numbers' },
    { path: '/attacks', label: 'Attacks', icon: 'attacks' },
  ];

  protected readonly demo = inject(Demo);
  /** Links within the page need it, as they would lead to the `base` of the app, the first page. */
  protected readonly path = signal('');

  constructor() {
    const router = inject(Router);
    router.events.pipe(takeUntilDestroyed()).subscribe(() => this.path.set(router.url.split('#')[0] ?? ''));
    // Shows the theme from the first rendering on.
    inject(ThemeService);
    const { documentElement } = inject(DOCUMENT);
    const app = inject(ApplicationRef);
    // For the specs: what the server has rendered looks the same before it can be used.
    afterNextRender(() => void app.whenStable().then(() => documentElement.setAttribute('data-hydrated', '')));
  }
}
