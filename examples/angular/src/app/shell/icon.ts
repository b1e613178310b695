import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const paths = {
  instances: 'M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01',
  launch: 'M5 12h14M13 6l6 6-6 6M5 6v12',
  upload: 'M12 16V5M7 10l5-5 5 5M5 19h14',
  events: 'M4 12h3l2-6 4 12 3-8 1 2h3',
  numbers: 'M9 4 7 20M17 4l-2 16M4 9h16M4 15h16',
  attacks: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a word that says the same. */
@Component({
  selector: 'app-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
    }
    svg {
      inline-size: 1.25rem;
      block-size: 1.25rem;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => paths[this.name()]);
}
