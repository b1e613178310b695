import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import type { LastWrite } from '../demo';
import { Snippet } from '../shell/snippet';

/** The switch that breaks connections, and what the server then counted. */
@Component({
  selector: 'app-write-ledger',
  imports: [Snippet],
  template: `
    <section class="card" aria-labelledby="ledger-title">
      <div class="row spread">
        <h2 id="ledger-title">One click, one execution</h2>
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            [checked]="breaking()"
            (change)="breakingChange.emit($any($event.target))"
          />
          Break the connection after execution
        </label>
      </div>
      <p class="lead">
        With the switch on, the server executes a start or a stop and then resets the connection. The browser sends the
        request again, without telling the page. The gateway knows the attempt by its id, and gives its first answer
        again. Nothing has to be switched on for that.
      </p>
      <dl class="facts" aria-live="polite">
        @if (write(); as last) {
          <div>
            <dt>Call</dt>
            <dd>{{ last.action }}</dd>
          </div>
          <div>
            <dt>arrived</dt>
            <dd data-fact="received">{{ last.received }}</dd>
          </div>
          <div>
            <dt>broken</dt>
            <dd data-fact="broken">{{ last.broken }}</dd>
          </div>
          <div>
            <dt>replayed</dt>
            <dd data-fact="replayed">{{ last.replayed }}</dd>
          </div>
          <div class="strong">
            <dt>executed</dt>
            <dd data-fact="executed">{{ last.executed }}</dd>
          </div>
        } @else {
          <div>
            <dt>Call</dt>
            <dd class="soft">none yet: start or stop an instance</dd>
          </div>
        }
      </dl>
      <app-snippet name="attempts">The gateway remembers each attempt</app-snippet>
    </section>
  `,
  styles: `
    .facts {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
      margin: 1rem 0;
    }
    .facts > div {
      display: flex;
      align-items: baseline;
      gap: 0.5rem;
      padding: 0.3rem 0.8rem;
      border-radius: var(--radius);
      background: var(--idle-soft);
    }
    .facts .strong {
      background: var(--good-soft);
      color: var(--good);
      font-weight: 650;
    }
    dt {
      font-size: 0.85rem;
    }
    dd {
      margin: 0;
      font-family: var(--mono);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WriteLedger {
  readonly write = input.required<LastWrite | null>();
  readonly breaking = input.required<boolean>();
  /** The switch, where it was moved. */
  readonly breakingChange = output<HTMLInputElement>();
}
