import { concat, type Observable } from 'rxjs';
import type { Gate } from './gate.js';
import { Gates, type Pass, type Scope } from './gates.js';
import type { GateHost, GateState, GateStore, LocalGate, OpenGateStore } from './gate-store.js';
import { SharedGate } from './shared-gate.js';

/** Gates that several processes have in common. A call asks nobody where it is known that its scope is open. */
export class SharedGates extends Gates implements GateHost {
  private readonly store: GateStore;
  /** What was told last of gates that are not open, by their id: of which closing. */
  private readonly told = new Map<string, number>();

  constructor(open: OpenGateStore) {
    super();
    this.store = open(this);
  }

  override isOpen(scope: Scope): boolean {
    return this.store.isCurrent() && super.isOpen(scope);
  }

  override isOpenFor(scope: Scope, pass: Pass | undefined): boolean {
    return this.store.isCurrent() && super.isOpenFor(scope, pass);
  }

  override admit(scope: Scope, longest?: number): Observable<Pass> {
    const admitted$ = super.admit(scope, longest);
    return this.store.isCurrent() ? admitted$ : concat(this.store.current$, admitted$);
  }

  get local(): readonly LocalGate[] {
    const local = this.shared.flatMap(([, gate]) => (gate.isForgotten ? [] : (gate.state ?? [])));
    this.told.clear();
    for (const { id, epoch } of local) this.told.set(id, epoch);
    return local;
  }

  synchronised(states: ReadonlyMap<string, GateState>): void {
    for (const [id, gate] of this.shared) {
      gate.rejoin();
      // What was closed since that was asked is not in it.
      if (!states.has(id) && this.told.get(id) === gate.state?.epoch) gate.opened();
    }
    for (const [id, state] of states) this.changed(id, state);
  }

  changed(id: string, state: GateState): void {
    const gate = this.gate(id);
    if (gate instanceof SharedGate) gate.adopt(state);
  }

  opened(id: string, epoch: number): void {
    const gate = this.find(id);
    if (gate instanceof SharedGate) gate.opened(epoch);
  }

  lost(error: Error): void {
    if (this.store.goesOnAlone) return;
    for (const [, gate] of this.shared) gate.fail(error);
  }

  protected override make(id: string, recovered: () => void): Gate {
    return new SharedGate(id, this.store, recovered);
  }

  /** No part has a space in it. */
  protected override keyOf({ credentials, region, product, action }: Scope): string {
    return `${this.store.idOf(credentials)}:${region}:${product}:${action}`;
  }

  private get shared(): readonly (readonly [id: string, gate: SharedGate])[] {
    return this.all.flatMap(([id, gate]) => (gate instanceof SharedGate ? [[id, gate] as const] : []));
  }
}
