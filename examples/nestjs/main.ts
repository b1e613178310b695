/**
 * An application whose HTTP requests are calls to the cloud: `npm install && npm start`, then open /instances at the address
 * that it prints. It runs beside an emulator: no account, no network.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error', 'fatal'] });
app.enableShutdownHooks(); // so that a signal lets calls under way end
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
console.log(`${await app.getUrl()}/instances`);
