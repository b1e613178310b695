import { catchError, fromEvent, map, NEVER, of, scan, startWith, switchMap } from 'rxjs';
import { instances$ } from './instances';

const button = document.createElement('button');
const view = document.createElement('div');
document.querySelector('#root')!.append(button, view);

const list$ = instances$.pipe(
  map((instances) => {
    const list = document.createElement('ul');
    list.append(...instances.map(({ InstanceName, Status }) => element('li', `${InstanceName} ${Status}`)));
    return list;
  }),
  catchError((error: Error) => of(element('p', error.message))),
);

fromEvent(button, 'click')
  .pipe(
    scan((shown) => !shown, true),
    startWith(true),
    // Hiding switches to nothing, which unsubscribes from the list.
    switchMap((shown) => {
      button.textContent = shown ? 'Hide' : 'Show';
      view.replaceChildren();
      return shown ? list$ : NEVER;
    }),
  )
  .subscribe((shown) => view.replaceChildren(shown));

function element(name: string, text: string): HTMLElement {
  return Object.assign(document.createElement(name), { textContent: text });
}
