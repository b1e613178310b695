// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- it declares a module, and is none itself
/// <reference path="./undici-client.d.ts" />
/**
 * What is needed of undici, for bundlers, which set the condition `module`: tsdown.config.ts makes an ES module of it. As it
 * is installed it is CommonJS that calls `require`, which an ES module of a bundle can't, and four fifths of it are for others.
 */
export { default as Client } from 'undici/lib/dispatcher/client.js';
