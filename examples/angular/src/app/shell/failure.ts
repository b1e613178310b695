import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** What went wrong, and a button that tries it again. It stays while it does, so that the focus has somewhere to be. */
@Component({
  selector: 'app-failure',
  template: `
    <div class="notice row spread">
      <p role="alert">{{ text() }}</p>
      <button type="button" class="compact" (click)="retry.emit()">{{ isBusy() ? 'Trying …' : 'Try again' }}</button>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Failure {
  readonly text = input.required<string>();
  readonly isBusy = input(false);
  readonly retry = output();
}
