import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { snippets, type SnippetName } from '../snippets';

/** The lines of this app that do what stands beside them. */
@Component({
  selector: 'app-snippet',
  template: `
    <figure>
      <figcaption>
        <ng-content />
        <code class="file">{{ snippet().file }}</code>
      </figcaption>
      <pre><code>{{ snippet().code }}</code></pre>
    </figure>
  `,
  styles: `
    :host {
      display: block;
      min-inline-size: 0;
    }
    figure {
      margin: 0;
      border: 1px solid var(--line);
      border-radius: var(--radius-large);
      background: var(--surface-sunken);
    }
    figcaption {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      justify-content: space-between;
      gap: 0.2rem 1rem;
      padding: 0.6rem 1rem;
      border-block-end: 1px solid var(--line);
      color: var(--text-soft);
      font-size: 0.85rem;
    }
    .file {
      overflow-wrap: anywhere;
    }
    pre {
      margin: 0;
      padding: 0.75rem 1rem;
      font-size: 0.9rem;
      line-height: 1.6;
      overflow-wrap: anywhere;
      tab-size: 2;
      white-space: pre-wrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Snippet {
  readonly name = input.required<SnippetName>();
  protected readonly snippet = computed(() => snippets[this.name()]);
}
