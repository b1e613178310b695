/** `rx-alicloud/testing/fake`: clients whose answers a test gives, without an emulator behind them. */
export { apiError } from '../api-error.js';
export type { ApiErrorOptions } from '../api-error.js';
export type { Answer, Answers, FakeAnswer, GivenAnswer } from './answers.js';
export { answerWith } from './answers.js';
export { fake, fakeClient } from './fake.js';
export type { Fake, FakeCalls } from './fake.js';
export type { FakeCall } from './fake-call.js';
export { NotFakedError } from './not-faked-error.js';
