/** What is needed of io-ts. `io-ts-node.ts` is its twin; the package's `imports` choose between them. */
export { Type, appendContext, failures, identity, success, unknown } from 'io-ts';
