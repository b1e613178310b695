import type { Routes } from '@angular/router';

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'Instances · Cloud Explorer',
    loadComponent: () => import('./instances/instances').then(({ Instances }) => Instances),
  },
  {
    path: 'launch',
    title: 'Launch · Cloud Explorer',
    loadComponent: () => import('./launch/launch').then(({ Launch }) => Launch),
  },
  {
    path: 'upload',
    title: 'Upload · Cloud Explorer',
    loadComponent: () => import('./upload/upload').then(({ Upload }) => Upload),
  },
  {
    path: 'events',
    title: 'Events · Cloud Explorer',
    loadComponent: () => import('./events/events').then(({ Events }) => Events),
  },
  {
    path: 'numbers',
    title: 'Exact numbers · Cloud Explorer',
    loadComponent: () => import('./numbers/numbers').then(({ Numbers }) => Numbers),
  },
  {
    path: 'attacks',
    title: 'Attacks · Cloud Explorer',
    loadComponent: () => import('./attacks/attacks').then(({ Attacks }) => Attacks),
  },
  { path: '**', redirectTo: '' },
];
