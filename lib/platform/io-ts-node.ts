/**
 * What is needed of io-ts, in Node, where it is an ES module that asks for it. To import a CommonJS package, Node 20 and 22 read
 * all of its code, and of what it exports again, for the names in it: 60 ms and 6 MB until the first answer, and nothing to
 * `require`. A bundler could not follow it, so that Node alone is told this file, by the condition `node-addons`; Bun, which is a
 * bundler and may have that condition, too, has one of its own.
 */
import { createRequire } from 'node:module';
import type * as ioTs from 'io-ts';

const whole = createRequire(import.meta.url)('io-ts') as typeof ioTs;

export const { Type, appendContext, failures, identity, success, unknown } = whole;
