import { concat, Subject, type Observable } from 'rxjs';
import type { Gate } from './gate.js';
import { Gates, type Pass, type Scope } from './gates.js';
import type { GateHost, GateState, GateStore, LocalGate, OpenGateStore } from './gate-store.js';
import { SharedGate } from './shared-gate.js';

/** Gates that several processes have in common. A call asks nobody where it is known that its scope is open. */
export class SharedGates extends Gates implements GateHost {
  private readonly store: GateStore;
  private readonly changes = new Subject<void>();
  override readonly changes$ = this.changes.asObservable();
  /** Those that are not open, when that was told last: of which closing, and what they had seen. */
  private told = new Map<SharedGate, { readonly epoch: number; readonly seen: number }>();

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
    this.told = new Map();
    return this.shared.flatMap(([, gate]) => {
      const { state, seen } = gate;
      if (state === undefined || gate.isForgotten) return [];
      this.told.set(gate, { epoch: state.epoch, seen });
      return state;
    });
  }

  synchronised(states: ReadonlyMap<string, GateState>): void {
    for (const [id, gate] of this.shared) {
      gate.rejoin();
      const told = this.told.get(gate);
      const state = states.get(id);
      if (state !== undefined) gate.synchronised(state, told?.seen);
      // What was closed since that was asked is not in it.
      else if (told?.epoch === gate.state?.epoch) gate.opened();
    }
    for (const [id, state] of states) if (this.find(id) === undefined) this.changed(id, state);
    this.changes.next();
  }

  changed(id: string, state: GateState): void {
    const gate = this.gate(id);
    if (gate instanceof SharedGate) gate.changed(state);
    this.changes.next();
  }

  opened(id: string, epoch: number): void {
    const gate = this.find(id);
    if (gate instanceof SharedGate) gate.opened(epoch);
    this.changes.next();
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
