// What the session sees in every runtime.
export const expected = {
  regions: true,
  serverError: 404,
  clientError: true,
  events: ['started', 'attempt', 'response', 'retried', 'throttled', 'attempt', 'response', 'finished'],
  cancelled: true,
  streamed: ['one', 'two'],
  peak: 2,
  pool: ['answered', 'answered', 'answered', 'answered', 'answered', 'SDK.AsyncQueueFull'],
  channels: [true, false],
  closed: 'SDK.Closed',
};

/** And what is seen of a gateway in it. */
export const expectedOfGateway = {
  answered: 'answered',
  notAllowed: 'Gateway.OperationNotAllowed',
  throttled: ['answered', 'answered'],
  many: ['answered'],
  replayed: [null, 'true'],
  joined: [null, 'true'],
};
