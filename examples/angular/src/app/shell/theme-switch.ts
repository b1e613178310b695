import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { themes, ThemeService } from '../theme';

@Component({
  selector: 'app-theme-switch',
  template: `
    <fieldset>
      <legend class="visually-hidden">Theme</legend>
      @for (name of themes; track name) {
        <label>
          <input
            type="radio"
            name="theme"
            class="visually-hidden"
            [value]="name"
            [checked]="theme() === name"
            (change)="choose(name)"
          />
          <span>{{ labels[name] }}</span>
        </label>
      }
    </fieldset>
  `,
  styles: `
    fieldset {
      display: inline-flex;
      margin: 0;
      padding: 0.2rem;
      border: 1px solid var(--line);
      border-radius: 999px;
      background: var(--surface);
    }
    label {
      position: relative;
      cursor: pointer;
    }
    span {
      display: block;
      padding: 0.2rem 0.7rem;
      border-radius: 999px;
      color: var(--text-soft);
      font-size: 0.8rem;
    }
    input:checked + span {
      background: var(--accent-soft);
      color: var(--accent-text);
    }
    input:focus-visible + span {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ThemeSwitch {
  readonly #service = inject(ThemeService);
  protected readonly themes = themes;
  protected readonly labels = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const;
  protected readonly theme = this.#service.theme;

  protected choose(theme: (typeof themes)[number]): void {
    this.#service.choose(theme);
  }
}
