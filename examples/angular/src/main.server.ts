import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import type { ApplicationRef } from '@angular/core';
import { App } from './app/app';
import { serverConfig } from './app/app.config.server';

// Angular's builder takes the default export of this file.
export default function bootstrap(context: BootstrapContext): Promise<ApplicationRef> {
  return bootstrapApplication(App, serverConfig, context);
}
