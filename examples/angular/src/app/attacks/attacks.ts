import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { Demo } from '../demo';
import { explain } from '../explain';
import { Snippet } from '../shell/snippet';
import { attacks, type Attack } from './attack-list';

interface Outcome {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly isRefused: boolean;
}

const groupNames = [...new Set(attacks.map(({ group }) => group))];

@Component({
  selector: 'app-attacks',
  imports: [Snippet],
  templateUrl: './attacks.html',
  styleUrl: './attacks.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Attacks {
  readonly #demo = inject(Demo);
  readonly #destroyRef = inject(DestroyRef);
  readonly #outcomes = signal<ReadonlyMap<Attack, Outcome>>(new Map());

  protected readonly isRunning = signal(false);
  /** How many calls the cloud has executed since the page is there: what reached it, by its own ledger. */
  protected readonly executed = computed(() => this.#demo.state()?.executed ?? 0);
  protected readonly groups = computed(() =>
    groupNames.map((name) => ({
      name,
      rows: attacks
        .filter(({ group }) => group === name)
        // Every other part stands between backticks.
        .map((attack) => ({ attack, parts: attack.name.split('`'), outcome: this.#outcomes().get(attack) })),
    })),
  );
  protected readonly count = attacks.length;
  protected readonly refused = computed(
    () => Array.from(this.#outcomes().values()).filter(({ isRefused }) => isRefused).length,
  );

  protected async runAll(): Promise<void> {
    this.isRunning.set(true);
    this.#outcomes.set(new Map());
    for (const attack of attacks) {
      if (this.#destroyRef.destroyed) return;
      await this.run(attack);
    }
    this.isRunning.set(false);
  }

  protected async run(attack: Attack): Promise<void> {
    const outcome = await outcomeOf(attack);
    this.#outcomes.update((outcomes) => new Map(outcomes).set(attack, outcome));
  }
}

async function outcomeOf(attack: Attack): Promise<Outcome> {
  try {
    const response = await attack.send();
    const { Code = '', Message = '' } = (await response.json()) as {
      readonly Code?: string;
      readonly Message?: string;
    };
    return {
      status: response.status,
      code: Code,
      message: Message,
      isRefused: response.status === attack.status && Code === attack.code,
    };
  } catch (error) {
    return { status: 0, code: '', message: explain(error), isRefused: false };
  }
}
