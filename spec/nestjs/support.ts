/** Applications without a compiler's decorators: they are functions, and are called as such. */
import 'reflect-metadata';
import { Controller, Get, Inject, Module, UseInterceptors, type DynamicModule, type Type } from '@nestjs/common';
import type { Observable } from 'rxjs';

/** A module that imports others. */
export function moduleOf(imports: DynamicModule[], controllers: Type[] = [], providers: Type[] = []): Type {
  class AppModule {}
  Module({ imports, controllers, providers })(AppModule);
  return AppModule;
}

/** A controller that answers `GET /` with what `answer` makes of the client. */
export function controllerOf<C>(
  client: Type<C>,
  answer: (client: C) => Observable<unknown>,
  ...interceptors: Parameters<typeof UseInterceptors>
): Type {
  class AppController {
    constructor(private readonly client: C) {}
    get(): Observable<unknown> {
      return answer(this.client);
    }
  }
  Inject(client)(AppController, undefined, 0);
  const descriptor = Object.getOwnPropertyDescriptor(AppController.prototype, 'get');
  Get()(AppController.prototype, 'get', descriptor ?? {});
  UseInterceptors(...interceptors)(AppController);
  Controller()(AppController);
  return AppController;
}
